using System.Buffers;

namespace Shortline.Grains.Handlers;

/// <summary>
/// Writes results one after the other into one block, which is reused. A result is begun, written, and then kept or discarded.
/// </summary>
/// <param name="kept">Bytes up to which <see cref="Clear"/> keeps the block. A block that a burst has made larger is released.</param>
/// <remarks>Bytes beyond <see cref="MaxResult"/> are counted but not kept, so a handler that writes without end costs no memory.</remarks>
internal sealed class ResultWriter(int kept) : IBufferWriter<byte>
{
    /// <summary>Bytes of a result at most, so that it fits into a datagram (65,507) with the rest of the response.</summary>
    public const int MaxResult = 64_000;

    private const int MinSpace = 256;

    private byte[] _block = [];
    private byte[]? _scrap;
    private int _begin;
    private int _end;
    private long _beyond;

    /// <summary>The offset at which the current result begins.</summary>
    public int Begin => _begin;

    /// <summary>Bytes of the current result, including those that were not kept.</summary>
    public long Length => _end - _begin + _beyond;

    /// <summary>Whether the current result is larger than <see cref="MaxResult"/>.</summary>
    public bool IsTooLarge => _beyond > 0;

    /// <summary>The current result.</summary>
    public ReadOnlySpan<byte> Current => _block.AsSpan(_begin, _end - _begin);

    /// <summary>All results.</summary>
    public ReadOnlySpan<byte> All => _block.AsSpan(0, _end);

    /// <summary>Begins a result after the present ones.</summary>
    public void BeginResult() => (_begin, _beyond) = (_end, 0);

    /// <summary>Removes what was written of the current result.</summary>
    public void Discard() => (_end, _beyond) = (_begin, 0);

    /// <summary>Removes all results.</summary>
    public void Clear()
    {
        (_begin, _end, _beyond) = (0, 0, 0);
        _scrap = null;
        if (_block.Length > kept)
            _block = [];
    }

    /// <summary>Returns a writer with all results but the current one, because a handler may still write to this writer.</summary>
    public ResultWriter WithoutCurrent()
    {
        var copy = new ResultWriter(kept) { _block = _block[.._begin], _end = _begin };
        copy.BeginResult();
        return copy;
    }

    /// <summary>Adds bytes that are known to fit.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (_beyond > 0 || _end - _begin + count > MaxResult)
            _beyond += count;
        else if (count > _block.Length - _end)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The count is larger than the span or memory that was returned.");
        else
            _end += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var size = Math.Max(sizeHint, 1);
        if (_beyond > 0)
            return Scrap(size);

        if (_block.Length - _end < size)
            Array.Resize(ref _block, Math.Max(_end + Math.Max(size, MinSpace), _block.Length * 2));

        return _block.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private byte[] Scrap(int size)
    {
        if (_scrap is null || _scrap.Length < size)
            _scrap = new byte[Math.Max(size, MinSpace)];

        return _scrap;
    }
}
