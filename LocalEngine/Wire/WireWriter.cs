using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Shortline.LocalEngine;

/// <summary>A buffer that values are written into, one behind the other. Used again after <see cref="Clear"/>.</summary>
internal sealed class WireWriter
{
    /// <summary>How deep values may lie within each other: a cycle is found before the stack is full.</summary>
    public const int MaxDepth = 64;

    /// <summary>A larger buffer is left to the garbage collector: one large message should not hold memory for ever.</summary>
    private const int LargestKept = 1 << 20;

    private const int LongestVarInt = 10;
    private const int FirstSize = 256;

    private byte[] _buffer = new byte[FirstSize];
    private int _length;
    private int _depth;

    /// <summary>Null where no references are expected.</summary>
    public ReferenceCodec? References { get; set; }

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        _depth = 0;
        if (_buffer.Length > LargestKept)
        {
            _buffer = new byte[FirstSize];
        }
    }

    /// <summary>Takes back what was written last: a value that could not be written whole.</summary>
    public void Truncate(int length)
    {
        _length = length;
        _depth = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteVarUInt(ulong value)
    {
        var buffer = _buffer;
        if (value < 0x80 && (uint)_length < (uint)buffer.Length)
        {
            buffer[_length++] = (byte)value;
        }
        else
        {
            WriteLongVarUInt(value);
        }
    }

    /// <summary>A small number of either sign is short.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteVarInt(long value) => WriteVarUInt((ulong)((value << 1) ^ (value >> 63)));

    public void WriteByte(byte value)
    {
        Ensure(1);
        _buffer[_length++] = value;
    }

    public void WriteFixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void WriteFixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    /// <summary>The bytes alone, without their number.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>The bytes as a value of kind <see cref="WireKind.Bytes"/>.</summary>
    public void WriteBlock(ReadOnlySpan<byte> bytes)
    {
        WriteVarUInt((ulong)bytes.Length + 1);
        WriteBytes(bytes);
    }

    public void WriteNull() => WriteByte(0);

    /// <summary>A text as a value of kind <see cref="WireKind.Bytes"/>.</summary>
    public void WriteText(string? value)
    {
        // Up to here, at three bytes a character, the length takes one byte: no need to count first.
        const int Short = 0x7E / 3;
        if (value is null)
        {
            WriteNull();
        }
        else if (value.Length < Short)
        {
            Ensure(1 + (Short * 3));
            var count = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length + 1));
            _buffer[_length] = (byte)(count + 1);
            _length += 1 + count;
        }
        else
        {
            var count = Encoding.UTF8.GetByteCount(value);
            WriteVarUInt((ulong)count + 1);
            Encoding.UTF8.GetBytes(value, Take(count));
        }
    }

    /// <summary>Leaves bytes free, to be filled in through <see cref="At"/>.</summary>
    /// <returns>Where they are.</returns>
    public int Reserve(int length)
    {
        Take(length).Clear();
        return _length - length;
    }

    public Span<byte> At(int offset, int length) => _buffer.AsSpan(0, _length).Slice(offset, length);

    /// <summary>Begins a value of kind <see cref="WireKind.Bytes"/> whose length is not known yet.</summary>
    /// <returns>What <see cref="Close"/> needs.</returns>
    public int Open()
    {
        if (_depth++ >= MaxDepth)
        {
            throw new NotSupportedException($"Values lie more than {MaxDepth} deep within each other: perhaps one contains itself.");
        }

        return Reserve(1);
    }

    /// <summary>Ends it: what was written is moved when its length takes more than the one byte that was kept for it.</summary>
    public void Close(int opened)
    {
        _depth--;
        var length = _length - opened - 1;
        var encoded = (uint)length + 1;
        if (encoded < 0x80)
        {
            _buffer[opened] = (byte)encoded;
            return;
        }

        var more = BitOperations.Log2(encoded) / 7;
        Ensure(more);
        _buffer.AsSpan(opened + 1, length).CopyTo(_buffer.AsSpan(opened + 1 + more));
        _length = opened;
        WriteLongVarUInt(encoded);
        _length += length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteLongVarUInt(ulong value)
    {
        Ensure(LongestVarInt);
        var buffer = _buffer;
        var at = _length;
        for (; value >= 0x80; value >>= 7)
        {
            buffer[at++] = (byte)(value | 0x80);
        }

        buffer[at++] = (byte)value;
        _length = at;
    }

    private Span<byte> Take(int length)
    {
        Ensure(length);
        var taken = _buffer.AsSpan(_length, length);
        _length += length;
        return taken;
    }

    private void Ensure(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, (int)Math.Max(Math.Min(2L * _buffer.Length, Array.MaxLength), checked(_length + more)));
        }
    }
}
