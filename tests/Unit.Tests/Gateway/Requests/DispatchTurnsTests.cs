using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Requests;

public sealed class DispatchTurnsTests
{
    [Fact]
    public void The_port_is_free_when_the_last_turn_is_returned()
    {
        var transport = UdpTransports.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpSocketOptions(), NullLogger.Instance);
        var turns = new DispatchTurns(transport, new TcpConnections(limit: 1), sendBatch: 4);
        List<DispatchTurn> used = [.. Enumerable.Range(0, 50).Select(_ => turns.Get())];
        foreach (var turn in used)
            Answer(turn, transport.LocalEndPoint);

        // More than are kept.
        foreach (var turn in used.Skip(1))
            turns.Return(turn);
        turns.Dispose();
        transport.Dispose();
        turns.Return(used[0]);

        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(transport.LocalEndPoint);
    }

    [Fact]
    public void A_turn_that_is_taken_after_the_end_sends_nothing()
    {
        var transport = UdpTransports.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpSocketOptions(), NullLogger.Instance);
        var turns = new DispatchTurns(transport, new TcpConnections(limit: 1), sendBatch: 4);
        turns.Dispose();
        transport.Dispose();
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(transport.LocalEndPoint);

        var turn = turns.Get();
        Answer(turn, transport.LocalEndPoint);
        turns.Return(turn);

        Assert.Equal(0, next.Available);
    }

    private static void Answer(DispatchTurn turn, IPEndPoint to)
    {
        turn.Replies.Reserve(PeerAddress.From(to.Serialize()), 1)[0] = 1;
        turn.Replies.Commit(1);
        turn.Finish();
    }
}
