using System.Net;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Udp;

/// <summary>Runs: datagrams of one length to one peer, which Linux sends as one message and splits into datagrams (UDP_SEGMENT).</summary>
public sealed class UdpTransportRunTests : UdpTheory
{
    public static TheoryData<string, int[]> Runs { get; } = Cases();

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_run_arrives_as_separate_datagrams(string implementation, int[] lengths)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(64);
        using var batch = transport.CreateSendBatch(256);
        var self = PeerAddress.From(transport.LocalEndPoint);
        byte[][] datagrams = [.. lengths.Select((length, index) => Pattern(length, seed: index))];
        foreach (var datagram in datagrams)
            Send(batch, self, datagram);
        batch.Flush();
        var received = await ReceiveAsync(transport, receiver, lengths.Length);
        Assert.Equal(datagrams, received.Select(datagram => datagram.Bytes));
        Assert.Equal(0, batch.Dropped);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task A_run_ends_where_the_peer_changes(string implementation)
    {
        using var first = Bind(implementation);
        using var second = Bind(implementation);
        using var firstReceiver = first.CreateReceiver(64);
        using var secondReceiver = second.CreateReceiver(64);
        using var batch = first.CreateSendBatch(64);
        string[] order = ["a", "a", "b", "a", "b", "b", "b", "a"];
        for (var i = 0; i < order.Length; i++)
            Send(batch, PeerAddress.From((order[i] == "a" ? first : second).LocalEndPoint), Text($"{order[i]}{i}"));
        batch.Flush();
        var toFirst = await ReceiveAsync(first, firstReceiver, 4);
        var toSecond = await ReceiveAsync(second, secondReceiver, 4);
        Assert.Equal([Text("a0"), Text("a1"), Text("a3"), Text("a7")], toFirst.Select(datagram => datagram.Bytes));
        Assert.Equal([Text("b2"), Text("b4"), Text("b5"), Text("b6")], toSecond.Select(datagram => datagram.Bytes));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Each_datagram_of_a_refused_run_is_counted_as_dropped_and_the_rest_is_sent(string implementation)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(64);
        using var batch = transport.CreateSendBatch(64);
        var self = PeerAddress.From(transport.LocalEndPoint);
        var forbidden = PeerAddress.From(new IPEndPoint(IPAddress.Broadcast, 9));
        foreach (var peer in (PeerAddress[])[self, self, forbidden, forbidden, forbidden, self, self])
            Send(batch, peer, Text("same"));
        batch.Flush();
        Assert.Equal(3, batch.Dropped);
        Assert.Equal(4, (await ReceiveAsync(transport, receiver, 4)).Count);
    }

    private static TheoryData<string, int[]> Cases()
    {
        int[][] lengths =
        [
            [100, 100],
            [100, 100, 99],
            [100, 100, 99, 100, 100, 101, 101, 1],
            [0, 0, 0],
            [7, 0, 7, 7, 0],
            [1, 1, 1, 1],
            [1232, 1232, 1232],
            [1233, 1233, 1233],
            [.. Enumerable.Repeat(150, 200)],
            [.. Enumerable.Repeat(1200, 70)],
        ];
        var cases = new TheoryData<string, int[]>();
        foreach (string implementation in Implementations)
        {
            foreach (var run in lengths)
                cases.Add(implementation, run);
        }

        return cases;
    }
}
