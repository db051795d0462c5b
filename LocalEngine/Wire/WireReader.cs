using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Shortline.LocalEngine;

/// <summary>
/// Reads what a <see cref="WireWriter"/> wrote. Believes nothing: what is broken ends in a <see cref="WireFormatException"/>, after which
/// only <see cref="Reset(ReadOnlyMemory{byte})"/> makes the reader good again.
/// </summary>
internal sealed class WireReader
{
    private byte[] _buffer = [];
    private int _position;
    private int _end;
    private int _depth;

    public WireReader()
    {
    }

    public WireReader(ReadOnlyMemory<byte> bytes) => Reset(bytes);

    /// <summary>Null where no references are expected.</summary>
    public ReferenceCodec? References { get; set; }

    public bool AtEnd => _position >= _end;

    /// <summary>Bytes until the end of what is being read.</summary>
    public int Remaining => _end - _position;

    public void Reset(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            Reset(segment.Array ?? [], segment.Offset, segment.Count);
        }
        else
        {
            Reset(bytes.ToArray(), 0, bytes.Length);
        }
    }

    public void Reset(byte[] bytes, int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)(uint)offset + (uint)count, (ulong)bytes.Length, nameof(count));
        _buffer = bytes;
        _position = offset;
        _end = offset + count;
        _depth = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarUInt()
    {
        var buffer = _buffer;
        var at = _position;
        if (at < _end && (uint)at < (uint)buffer.Length && buffer[at] is var first and < 0x80)
        {
            _position = at + 1;
            return first;
        }

        return ReadLongVarUInt();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadVarInt()
    {
        var value = ReadVarUInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public byte ReadByte() => ReadBytes(1)[0];

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(sizeof(uint)));

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(sizeof(ulong)));

    /// <summary>So many bytes, in place: good as long as what the reader reads.</summary>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        if ((uint)length > (uint)Remaining)
        {
            throw Truncated();
        }

        var bytes = _buffer.AsSpan(_position, length);
        _position += length;
        return bytes;
    }

    /// <summary>The bytes of a value of kind <see cref="WireKind.Bytes"/>, in place.</summary>
    /// <returns>Whether it is not null.</returns>
    public bool TryReadBlock(out ReadOnlySpan<byte> bytes)
    {
        var isThere = TryReadLength(out var length);
        bytes = ReadBytes(length);
        return isThere;
    }

    /// <summary>A block that can have one length only.</summary>
    public ReadOnlySpan<byte> ReadBlock(int length) =>
        TryReadBlock(out var bytes) && bytes.Length == length
            ? bytes
            : throw new WireFormatException($"A value of {length} bytes has another length.");

    public string? ReadText() =>
        !TryReadBlock(out var bytes) ? null
        : Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes)
        : throw new WireFormatException("A text is not UTF-8.");

    /// <summary>Goes into a value of kind <see cref="WireKind.Bytes"/>: its end is the reader's end until <see cref="Close"/>.</summary>
    /// <param name="outer">What <see cref="Close"/> needs.</param>
    /// <returns>Whether it is not null; if it is, there is nothing to close.</returns>
    public bool TryOpen(out int outer)
    {
        outer = _end;
        if (!TryReadLength(out var length))
        {
            return false;
        }

        if (_depth++ >= WireWriter.MaxDepth)
        {
            throw new WireFormatException($"Values lie more than {WireWriter.MaxDepth} deep within each other.");
        }

        _end = _position + length;
        return true;
    }

    /// <summary>Leaves it: all of it must have been read.</summary>
    public void Close(int outer)
    {
        if (!AtEnd)
        {
            throw new WireFormatException($"{Remaining} bytes are left of a value.");
        }

        _depth--;
        _end = outer;
    }

    /// <summary>The number of things that follow, of which each takes at least so many bytes.</summary>
    public int ReadCount(int smallest)
    {
        var count = ReadVarUInt();
        return count <= (ulong)(Remaining / smallest) ? (int)count : throw Truncated();
    }

    /// <summary>Reads these bytes if they are what follows.</summary>
    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        var follows = _buffer.AsSpan(_position, Remaining).StartsWith(bytes);
        _position += follows ? bytes.Length : 0;
        return follows;
    }

    private static WireFormatException Truncated() => new("A length or number reaches beyond the end.");

    private bool TryReadLength(out int length)
    {
        var encoded = ReadVarUInt();
        length = encoded == 0 ? 0 : encoded - 1 <= (ulong)Remaining ? (int)(encoded - 1) : throw Truncated();
        return encoded != 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadLongVarUInt()
    {
        var rest = _buffer.AsSpan(_position, Remaining);
        ulong value = 0;
        for (var index = 0; index < rest.Length; index++)
        {
            var next = rest[index];
            if (index == 9 && next > 1)
            {
                throw new WireFormatException("A number has more than 64 bits.");
            }

            value |= (ulong)(next & 0x7F) << (7 * index);
            if (next < 0x80)
            {
                _position += index + 1;
                return value;
            }
        }

        throw Truncated();
    }
}
