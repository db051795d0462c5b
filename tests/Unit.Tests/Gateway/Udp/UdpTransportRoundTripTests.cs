using System.Globalization;
using System.Net;
using System.Text;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class UdpTransportRoundTripTests : UdpTheory
{
    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Datagrams_of_every_size_are_received_and_sent_unchanged(string implementation)
    {
        int[] sizes = [0, 1, 2, 15, 16, 17, 511, 1472, 1473, 2048, 4096, 9000, 65_506, 65_507];
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(8);
        using var batch = transport.CreateSendBatch(8);
        using var peer = Peer();
        var buffer = new byte[65_536];
        foreach (var size in sizes)
        {
            var sent = Pattern(size, seed: size);
            peer.SendTo(sent, transport.LocalEndPoint);
            var received = Assert.Single(await ReceiveAsync(transport, receiver, 1));
            Assert.Equal(sent, received.Bytes);
            Assert.Equal(peer.LocalEndPoint, received.Peer.ToEndPoint());

            Send(batch, received.Peer, received.Bytes);
            batch.Flush();
            Assert.Equal(size, peer.Receive(buffer));
            Assert.Equal(sent, buffer[..size]);
        }

        Assert.Equal(0, batch.Dropped);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Each_of_many_peers_gets_its_own_answer(string implementation)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(16);
        using var batch = transport.CreateSendBatch(16);
        var peers = Enumerable.Range(0, 50).Select(_ => Peer()).ToArray();
        try
        {
            foreach (var peer in peers)
                peer.SendTo(Text(((IPEndPoint)peer.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)), transport.LocalEndPoint);
            foreach (var (from, bytes) in await ReceiveAsync(transport, receiver, peers.Length))
            {
                Assert.Equal(from.Port.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(bytes));
                Send(batch, from, bytes);
            }

            batch.Flush();
            var buffer = new byte[64];
            foreach (var peer in peers)
            {
                var length = peer.Receive(buffer);
                var port = ((IPEndPoint)peer.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
                Assert.Equal(port, Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        finally
        {
            Array.ForEach(peers, peer => peer.Dispose());
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task A_burst_larger_than_any_batch_arrives_whole_and_in_order(string implementation)
    {
        const int burst = 1000;
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(64);
        using var sender = Bind(implementation);
        using var batch = sender.CreateSendBatch(48);
        var target = PeerAddress.From(transport.LocalEndPoint);
        // The receive buffer would lose datagrams that it has no room for, so the test waits for each hundred.
        for (var start = 0; start < burst; start += 100)
        {
            for (var i = start; i < start + 100; i++)
                Send(batch, target, Pattern(i, seed: i));
            batch.Flush();
            var received = await ReceiveAsync(transport, receiver, 100);
            Assert.Equal(100, received.Count);
            for (var i = 0; i < received.Count; i++)
                Assert.Equal(Pattern(start + i, seed: start + i), received[i].Bytes);
        }

        Assert.Equal(0, batch.Dropped);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task A_batch_flushes_itself_when_its_memory_is_full(string implementation)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(4);
        // The batch has memory for three of these datagrams. Adding the fourth sends the first three.
        using var batch = transport.CreateSendBatch(100);
        var self = PeerAddress.From(transport.LocalEndPoint);
        byte[][] datagrams = [.. Enumerable.Range(0, 4).Select(i => Pattern(60_000 + i, i))];
        foreach (var datagram in datagrams)
            Send(batch, self, datagram);
        var received = await ReceiveAsync(transport, receiver, 3);
        Assert.Equal(datagrams[..3], received.Select(datagram => datagram.Bytes));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Several_batches_send_concurrently_on_one_socket(string implementation)
    {
        const int senders = 4;
        const int each = 100;
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(64);
        using var sender = Bind(implementation);
        var target = PeerAddress.From(transport.LocalEndPoint);
        var receiving = ReceiveAsync(transport, receiver, senders * each);
        var sending = Enumerable
            .Range(0, senders)
            .Select(id =>
                OnOwnThread(() =>
                {
                    using var batch = sender.CreateSendBatch(32);
                    for (var i = 0; i < each; i++)
                        Send(batch, target, Text($"{id}:{i}"));
                    batch.Flush();
                    return batch.Dropped;
                })
            )
            .ToArray();
        Assert.All(await Task.WhenAll(sending), dropped => Assert.Equal(0, dropped));
        var texts = (await receiving).Select(datagram => Encoding.UTF8.GetString(datagram.Bytes)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(senders * each, texts.Count);
    }

    [IPv6Theory]
    [MemberData(nameof(Implementations))]
    public async Task Datagrams_of_IPv6_peers_are_received_and_sent(string implementation)
    {
        using var transport = Bind(implementation, IPAddress.IPv6Loopback);
        using var receiver = transport.CreateReceiver(4);
        using var batch = transport.CreateSendBatch(4);
        using var peer = Peer(IPAddress.IPv6Loopback);
        peer.SendTo(Text("six"), transport.LocalEndPoint);
        var received = Assert.Single(await ReceiveAsync(transport, receiver, 1));
        Assert.Equal(peer.LocalEndPoint, received.Peer.ToEndPoint());
        Send(batch, received.Peer, Text("SIX!"));
        batch.Flush();
        var buffer = new byte[16];
        Assert.Equal("SIX!", Encoding.UTF8.GetString(buffer, 0, peer.Receive(buffer)));
    }
}
