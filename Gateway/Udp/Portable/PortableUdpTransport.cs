using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway.Udp.Portable;

/// <summary>Uses one system call per datagram, through <see cref="Socket"/>. Works on every system.</summary>
/// <remarks>
/// <see cref="Socket"/> cannot set the source of a datagram. On a wildcard address, answers leave from the address that the system chooses
/// for the way to the client, which need not be the one that the client sent to.
/// </remarks>
internal sealed class PortableUdpTransport : IUdpTransport
{
    private readonly Socket _socket;
    private int _receivers;
    private volatile bool _isShutdown;

    internal PortableUdpTransport(Socket socket)
    {
        _socket = socket;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        ReceiveBufferBytes = socket.ReceiveBufferSize;
        SendBufferBytes = socket.SendBufferSize;
    }

    public IPEndPoint LocalEndPoint { get; }

    public int Receivers => 1;

    public int ReceiveBufferBytes { get; }

    public int SendBufferBytes { get; }

    internal bool IsShutdown => _isShutdown;

    public IUdpReceiver CreateReceiver(int batch, int index = 0)
    {
        _ = UdpBatch.Checked(batch);
        Interlocked.Increment(ref _receivers);
        return new PortableUdpReceiver(this, _socket);
    }

    public IUdpSendBatch CreateSendBatch(int batch) => new PortableUdpSendBatch(_socket, batch);

    /// <summary>
    /// There is no portable call that stops only the receiving side of an unconnected socket. Each receiver therefore gets an empty
    /// datagram that wakes it. A full buffer may drop that datagram, but then no receiver is blocked.
    /// </summary>
    public void Shutdown()
    {
        if (_isShutdown)
            return;
        _isShutdown = true;
        using var waker = new Socket(_socket.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        for (var i = Volatile.Read(ref _receivers); i > 0; i--)
            Wake(waker);
    }

    private void Wake(Socket waker)
    {
        var self = LocalEndPoint;
        if (self.Address.Equals(IPAddress.Any))
            self = new IPEndPoint(IPAddress.Loopback, self.Port);
        else if (self.Address.Equals(IPAddress.IPv6Any))
            self = new IPEndPoint(IPAddress.IPv6Loopback, self.Port);
        try
        {
            waker.SendTo([], self);
        }
        catch (SocketException)
        {
            // Closing the socket, which follows, wakes the receivers too.
        }
    }

    public void Dispose()
    {
        Shutdown();
        _socket.Dispose();
    }
}
