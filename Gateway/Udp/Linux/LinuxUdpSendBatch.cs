using System.Runtime.InteropServices;

namespace Shortline.Gateway;

/// <summary>Sends by <c>sendmmsg</c>.</summary>
internal sealed unsafe class LinuxUdpSendBatch : IUdpSendBatch
{
    private readonly SharedSocket _socket;
    private readonly SendQueue _queue;
    private readonly NativeBlock<MessageHeader> _messages;
    private long _dropped;
    private bool _disposed;

    internal LinuxUdpSendBatch(SharedSocket socket, int batch)
    {
        _queue = new SendQueue(batch);
        _socket = socket.Acquire();
        _messages = new(batch);
        for (var i = 0; i < batch; i++)
        {
            _messages.Pointer[i] = new MessageHeader
            {
                Name = _queue.Peers + i,
                Vectors = _queue.Vectors + i,
                VectorCount = 1,
            };
        }
    }

    public long Dropped => Volatile.Read(ref _dropped);

    public Span<byte> Reserve(int size)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)size, (uint)UdpTransports.MaxDatagram, nameof(size));
        if (!_queue.HasRoom(size))
            Flush();
        return _queue.Reserve(size);
    }

    public void Commit(in PeerAddress peer, int length)
    {
        _messages.Pointer[_queue.Count].NameLength = peer.Bytes.Length;
        _queue.Commit(in peer, length);
    }

    public void Flush()
    {
        var next = 0;
        while (next < _queue.Count)
        {
            var sent = LinuxSockets.Send(_socket.Descriptor, _messages.Pointer + next, (uint)(_queue.Count - next), 0);
            if (sent > 0)
                next += sent;
            else
                next += Refused(_queue.Count - next);
        }

        _queue.Clear();
    }

    /// <summary>Datagrams to pass over after an error: the first of the rest is the one refused.</summary>
    private int Refused(int left)
    {
        var refused = Marshal.GetLastPInvokeError() switch
        {
            LinuxSockets.Interrupted => 0,
            // The socket has a send timeout, so this is a buffer that stayed full for all of it: the rest would wait as long each.
            LinuxSockets.WouldBlock => left,
            _ => 1,
        };
        Volatile.Write(ref _dropped, _dropped + refused);
        return refused;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _queue.Clear();
        _socket.Release();
        _queue.Dispose();
        _messages.Dispose();
    }
}
