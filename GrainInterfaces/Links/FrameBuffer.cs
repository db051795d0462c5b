using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Shortline.GrainInterfaces.Links;

/// <summary>Collects received bytes until they are whole frames. Not thread-safe.</summary>
public sealed class FrameBuffer
{
    private const int UsualBytes = 64 * 1024;

    private byte[] _bytes = new byte[UsualBytes];
    private int _taken;
    private int _length;

    /// <summary>Memory for the bytes that are received next; never empty.</summary>
    public Memory<byte> Free()
    {
        if (_taken == _length)
            (_taken, _length) = (0, 0);
        if (_length == _bytes.Length)
            MakeRoom();
        return _bytes.AsMemory(_length);
    }

    /// <summary>Adds received bytes, which are at the beginning of <see cref="Free"/>.</summary>
    public void Add(int count) => _length += count;

    /// <summary>Takes the next frame.</summary>
    /// <param name="frame">The frame; valid until <see cref="Free"/> is called.</param>
    /// <returns>Whether there is a whole frame.</returns>
    /// <exception cref="InvalidDataException">The frame is too long.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        var bytes = _bytes.AsSpan(_taken, _length - _taken);
        if (!MemoryMarshal.TryRead(bytes, out FrameHeader header))
            return false;
        if (header.Length is < 0 or >= LinkFormat.DamagedFrom)
            throw new InvalidDataException($"a frame has {header.Length} bytes");

        var whole = header.Length + Unsafe.SizeOf<FrameHeader>();
        if (bytes.Length < whole)
            return false;
        frame = _bytes.AsMemory(_taken, whole);
        _taken += whole;
        return true;
    }

    /// <summary>Moves what is not taken to another buffer, because somebody still reads the memory of this one.</summary>
    public FrameBuffer MoveRest()
    {
        var rest = _bytes.AsSpan(_taken, _length - _taken);
        var other = new FrameBuffer();
        if (rest.Length > other._bytes.Length)
            other._bytes = new byte[rest.Length];
        rest.CopyTo(other._bytes);
        other._length = rest.Length;
        (_taken, _length) = (0, 0);
        return other;
    }

    /// <summary>Moves the part of a frame that is there to the front, into more memory if the frame is long.</summary>
    private void MakeRoom()
    {
        var rest = _bytes.AsSpan(_taken, _length - _taken);
        var target = _bytes;
        if (rest.Length > _bytes.Length / 2)
            target = new byte[2 * _bytes.Length];
        else if (rest.Length <= UsualBytes / 2 && _bytes.Length > UsualBytes)
            target = new byte[UsualBytes];
        rest.CopyTo(target);
        (_bytes, _taken, _length) = (target, 0, rest.Length);
    }
}
