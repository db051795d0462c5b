using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway.Udp.Portable;

/// <summary>Sends one datagram per call.</summary>
internal sealed class PortableUdpSendBatch(Socket socket, int batch) : IUdpSendBatch
{
    private readonly SendQueue _queue = new(batch);
    private readonly SocketAddress _address = new(AddressFamily.InterNetworkV6, PeerAddress.IPv6Length);
    private readonly bool _servesBoth = socket is { AddressFamily: AddressFamily.InterNetworkV6, DualMode: true };
    private long _dropped;
    private bool _disposed;

    public long Dropped => Volatile.Read(ref _dropped);

    public bool HasRoom(int size) => _queue.HasRoom(size);

    public Span<byte> Reserve(int size)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)size, (uint)UdpTransports.MaxDatagram, nameof(size));
        if (!_queue.HasRoom(size))
            Flush();
        return _queue.Reserve(size);
    }

    public void Commit(in PeerAddress peer, int length) => _queue.Commit(in peer, length);

    public void Flush()
    {
        for (var i = 0; i < _queue.Count; i++)
        {
            var fault = Send(i);
            if (fault == SocketError.Success)
                continue;
            // The buffer stayed full for the whole send timeout. Every further datagram would wait as long.
            var isFull = fault is SocketError.TimedOut or SocketError.WouldBlock;
            var refused = isFull ? _queue.Count - i : 1;
            Volatile.Write(ref _dropped, _dropped + refused);
            if (isFull)
                break;
        }

        _queue.Clear();
    }

    private SocketError Send(int index)
    {
        try
        {
            ref readonly var peer = ref _queue.Peer(index);
            (_servesBoth ? peer.MappedToIPv6() : peer).CopyTo(_address);
            socket.SendTo(_queue.Datagram(index), SocketFlags.None, _address);
            return SocketError.Success;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.Shutdown;
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _queue.Dispose();
    }
}
