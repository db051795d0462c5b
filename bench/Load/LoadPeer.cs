using System.Net;
using System.Net.Sockets;
using Shortline.Gateway.Udp;

namespace Shortline.Bench.Load;

/// <summary>One simulated client of the load generator: a socket with a port of its own.</summary>
internal sealed class LoadPeer : IDisposable
{
    private const int Batch = 64;

    private readonly IUdpTransport _transport;

    internal LoadPeer()
    {
        Socket = UdpTransports.BindSocket(new IPEndPoint(IPAddress.Loopback, 0), new UdpSocketOptions());
        _transport = UdpTransports.Over(Socket);
        Receiver = _transport.CreateReceiver(Batch);
        Requests = _transport.CreateSendBatch(Batch);
    }

    internal Socket Socket { get; }

    internal EndPoint EndPoint => _transport.LocalEndPoint;

    internal IUdpReceiver Receiver { get; }

    internal IUdpSendBatch Requests { get; }

    public void Dispose()
    {
        Receiver.Dispose();
        Requests.Dispose();
        _transport.Dispose();
    }
}
