namespace Shortline.Gateway;

/// <summary>
/// The bytes of the latest answers, each with the key of its request: a ring that is written from front to back, so keeping an answer
/// costs one copy and no allocation, and the oldest go first.
/// </summary>
internal sealed class AnswerMemory(int capacity)
{
    private readonly byte[] _ring = new byte[capacity];
    private long _end;

    /// <summary>Keeps a key and its answer.</summary>
    /// <returns>Where they are, or -1 if they are too large to be kept.</returns>
    public long Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> answer)
    {
        var length = key.Length + answer.Length;
        if (length > _ring.Length / 4)
        {
            return -1;
        }

        var left = _ring.Length - (int)(_end % _ring.Length);
        if (left < length)
        {
            _end += left;
        }

        var at = _end;
        var room = _ring.AsSpan((int)(at % _ring.Length));
        key.CopyTo(room);
        answer.CopyTo(room[key.Length..]);
        _end += length;
        return at;
    }

    /// <summary>Whether what was kept there has not been written over.</summary>
    public bool Holds(long at) => at >= 0 && _end - at <= _ring.Length;

    public ReadOnlySpan<byte> Read(long at, int offset, int length) => _ring.AsSpan((int)(at % _ring.Length) + offset, length);
}
