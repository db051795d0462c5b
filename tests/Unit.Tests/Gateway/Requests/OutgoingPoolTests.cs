using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Requests;

public sealed class OutgoingPoolTests
{
    [Fact]
    public void The_port_is_free_when_the_last_one_is_returned()
    {
        var transport = UdpTransports.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpSocketOptions(), NullLogger.Instance);
        var pool = new OutgoingPool(transport, new TcpConnections(limit: 1), sendBatch: 4, settle: _ => { });
        List<Outgoing> used = [.. Enumerable.Range(0, 50).Select(_ => pool.Rent())];
        foreach (var outgoing in used)
            Answer(outgoing, transport.LocalEndPoint);

        // More than are kept.
        foreach (var outgoing in used.Skip(1))
            pool.Return(outgoing);
        pool.Dispose();
        transport.Dispose();
        pool.Return(used[0]);

        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(transport.LocalEndPoint);
    }

    [Fact]
    public void One_that_is_taken_after_the_end_sends_nothing()
    {
        var transport = UdpTransports.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpSocketOptions(), NullLogger.Instance);
        var pool = new OutgoingPool(transport, new TcpConnections(limit: 1), sendBatch: 4, settle: _ => { });
        pool.Dispose();
        transport.Dispose();
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(transport.LocalEndPoint);

        var outgoing = pool.Rent();
        Answer(outgoing, transport.LocalEndPoint);
        pool.Return(outgoing);

        Assert.Equal(0, next.Available);
    }

    private static void Answer(Outgoing outgoing, IPEndPoint to)
    {
        outgoing.Answers.Reserve(PeerAddress.From(to.Serialize()), 1)[0] = 1;
        outgoing.Answers.Commit(1);
        outgoing.Finish();
    }
}
