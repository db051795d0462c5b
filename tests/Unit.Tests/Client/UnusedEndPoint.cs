using System.Net;
using System.Net.Sockets;

namespace Shortline.Unit.Tests.Client;

/// <summary>
/// A loopback endpoint on which no process listens, and none can until it is released: a port that is merely free may be taken by another test.
/// </summary>
internal sealed class UnusedEndPoint : IDisposable
{
    private const int DiscardPort = 9;

    private readonly Socket _tcp;
    private readonly Socket _udp;

    public UnusedEndPoint()
    {
        (_tcp, _udp) = Bind(triesLeft: 20);
        EndPoint = (IPEndPoint)_tcp.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose()
    {
        _tcp.Dispose();
        _udp.Dispose();
    }

    /// <summary>A socket that is bound but does not listen refuses connections. One that is connected elsewhere takes no datagrams.</summary>
    private static (Socket Tcp, Socket Udp) Bind(int triesLeft)
    {
        var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            udp.Bind(tcp.LocalEndPoint!);
            udp.Connect(IPAddress.Loopback, DiscardPort);
            return (tcp, udp);
        }
        catch (SocketException) when (triesLeft > 0)
        {
            // The number is in use for UDP.
            tcp.Dispose();
            udp.Dispose();
            return Bind(triesLeft - 1);
        }
    }
}
