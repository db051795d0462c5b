namespace Shortline.Gateway.Requests;

/// <summary>
/// Keeps the bytes of the latest answers, each with the key of its request, in a ring buffer. Keeping an answer costs one copy and no
/// allocation, and overwrites the oldest answers.
/// </summary>
internal sealed class AnswerMemory(int capacity)
{
    private readonly byte[] _ring = new byte[capacity];
    private long _end;

    /// <summary>The most bytes of a key and its answer. A larger entry would displace too many others.</summary>
    public int MaxEntry => _ring.Length / 4;

    /// <summary>Stores a key and its answer.</summary>
    /// <returns>The position of the entry, or -1 if it is too large to be kept.</returns>
    public long Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> answer)
    {
        var length = key.Length + answer.Length;
        if (length > MaxEntry)
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

    /// <summary>Whether the entry at a position has not been overwritten.</summary>
    public bool Holds(long at) => at >= 0 && _end - at <= _ring.Length;

    public ReadOnlySpan<byte> Read(long at, int offset, int length) => _ring.AsSpan((int)(at % _ring.Length) + offset, length);
}
