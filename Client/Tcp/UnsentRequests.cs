using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>Requests that wait to be written to a connection, a line each, in their order. Bounded, so that a peer that does not read costs little.</summary>
internal sealed class UnsentRequests
{
    /// <summary>Bytes that wait or are being written at most. A dozen of the longest requests, or some thousand of the usual ones.</summary>
    internal const int Limit = 1024 * 1024;

    private const int FirstBuffer = 2048;

    /// <summary>Buffers above this are given back once they are empty.</summary>
    private const int KeptBuffer = 2 * RequestParser.MaxDatagram;

    private readonly Lock _lock = new();
    private byte[] _waiting = new byte[FirstBuffer];
    private int _length;
    private int _writing;
    private bool _hasWriter = true; // nobody writes before the connection is open
    private bool _closed;

    /// <summary>Adds a request.</summary>
    /// <param name="request">One JSON object.</param>
    /// <param name="write">Whether the caller is to see to it that <see cref="Take"/> is called until it returns 0.</param>
    /// <returns>False if there is no room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> request, out bool write)
    {
        lock (_lock)
        {
            var needed = _length + request.Length + 1;
            write = false;
            if (_closed || (needed + _writing > Limit && _length > 0))
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

    /// <summary>Becomes the one who writes, if nobody is: what is added meanwhile is written together by the following <see cref="Take"/>.</summary>
    public bool TryBecomeWriter()
    {
        lock (_lock)
        {
            var free = !_hasWriter;
            _hasWriter = true;
            return free;
        }
    }

    /// <summary>Takes all that waits, and gives a buffer back for what comes next. For the one who writes.</summary>
    /// <returns>Bytes to write; with 0 nobody writes any more.</returns>
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

    /// <summary>Takes nothing more in, and gives nothing more out.</summary>
    public void Close()
    {
        lock (_lock)
            (_closed, _waiting, _length) = (true, [], 0);
    }
}
