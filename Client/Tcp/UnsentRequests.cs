using Shortline.Protocol.Requests;

namespace Shortline.Client.Tcp;

/// <summary>
/// The requests that wait to be written to a connection, a line each, in order. Bounded, so that a peer that does not read costs little
/// memory. Thread-safe.
/// </summary>
internal sealed class UnsentRequests
{
    /// <summary>Bytes that wait or are being written at most: a dozen of the longest requests, or several thousand usual ones.</summary>
    internal const int Limit = 1024 * 1024;

    private const int FirstBuffer = 2048;

    /// <summary>A buffer larger than this is released once it is empty.</summary>
    private const int KeptBuffer = 2 * RequestParser.MaxDatagram;

    private readonly Lock _lock = new();
    private byte[] _waiting = new byte[FirstBuffer];
    private int _length;
    private int _writing;
    private bool _hasWriter = true; // no thread writes before the connection is open
    private bool _refusing;
    private bool _closed;

    /// <summary>Adds a request.</summary>
    /// <param name="request">One JSON object.</param>
    /// <param name="write">Whether the caller becomes the writer and must call <see cref="Take"/> until it returns 0.</param>
    /// <returns>False if the limit is reached, or after <see cref="Refuse"/> or <see cref="Close"/>.</returns>
    public bool TryAdd(ReadOnlySpan<byte> request, out bool write)
    {
        lock (_lock)
        {
            var needed = _length + request.Length + 1;
            write = false;
            if (_closed || _refusing || (needed + _writing > Limit && _length > 0))
                return false;
            if (needed > _waiting.Length)
                Array.Resize(ref _waiting, Math.Max(needed, 2 * _waiting.Length));
            request.CopyTo(_waiting.AsSpan(_length));
            _waiting[needed - 1] = (byte)'\n';
            _length = needed;
            write = !_hasWriter;
            _hasWriter = true;
            return true;
        }
    }

    /// <summary>
    /// Makes the caller the writer if there is none. Requests that are added meanwhile are written together by its next <see cref="Take"/>.
    /// </summary>
    public bool TryBecomeWriter()
    {
        lock (_lock)
        {
            var free = !_hasWriter;
            _hasWriter = true;
            return free;
        }
    }

    /// <summary>Takes all waiting requests. Only the writer calls this.</summary>
    /// <param name="buffer">The writer's buffer, exchanged for the one with the requests.</param>
    /// <returns>The number of bytes to write; with 0 the caller is no longer the writer.</returns>
    public int Take(ref byte[] buffer)
    {
        lock (_lock)
        {
            if (_length == 0 || _closed)
            {
                (_writing, _hasWriter) = (0, _closed);
                return 0;
            }

            if (buffer.Length is 0 or > KeptBuffer)
                buffer = new byte[FirstBuffer];
            (buffer, _waiting) = (_waiting, buffer);
            (_writing, _length) = (_length, 0);
            return _writing;
        }
    }

    /// <summary>Accepts no more requests. Those that wait are still written.</summary>
    public void Refuse()
    {
        lock (_lock)
            _refusing = true;
    }

    /// <summary>Discards all requests and accepts no more.</summary>
    public void Close()
    {
        lock (_lock)
            (_closed, _waiting, _length) = (true, [], 0);
    }
}
