using System.Net;
using System.Net.Sockets;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class UdpTransportsTests : UdpTheory
{
    [Theory]
    [MemberData(nameof(Implementations))]
    public void A_port_in_use_cannot_be_bound(string implementation)
    {
        using var first = Bind(implementation);
        var options = new UdpSocketOptions { ForcePortable = implementation == "portable" };
        var fault = Assert.Throws<SocketException>(() => UdpTransports.Bind(first.LocalEndPoint, options));
        Assert.Equal(SocketError.AddressAlreadyInUse, fault.SocketErrorCode);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void A_port_is_free_after_transport_receiver_and_batch_are_disposed(string implementation)
    {
        var options = new UdpSocketOptions { ForcePortable = implementation == "portable" };
        var first = Bind(implementation);
        var receiver = first.CreateReceiver(4);
        var batch = first.CreateSendBatch(4);
        first.Dispose();
        receiver.Dispose();
        batch.Dispose();
        batch.Dispose();
        first.Dispose();
        using var second = UdpTransports.Bind(first.LocalEndPoint, options);
        Assert.Equal(first.LocalEndPoint, second.LocalEndPoint);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void The_default_buffers_are_large(string implementation)
    {
        using var small = Bind(implementation, options: new UdpSocketOptions { ReceiveBufferBytes = 8192, SendBufferBytes = 8192 });
        using var usual = Bind(implementation);
        Assert.True(usual.ReceiveBufferBytes > small.ReceiveBufferBytes);
        Assert.True(usual.SendBufferBytes > small.SendBufferBytes);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Shutdown_unblocks_every_receiver_and_still_allows_sending(string implementation)
    {
        using var transport = Bind(implementation);
        using var peer = Peer();
        using var batch = transport.CreateSendBatch(1);
        var receivers = Enumerable.Range(0, 3).Select(_ => transport.CreateReceiver(4)).ToArray();
        using var started = new CountdownEvent(receivers.Length);
        var waiting = receivers
            .Select(receiver =>
                OnOwnThread(() =>
                {
                    started.Signal();
                    return receiver.Receive();
                })
            )
            .ToArray();
        Assert.True(started.Wait(Limit));
        transport.Shutdown();
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Limit), result => Assert.Equal(-1, result));
        Assert.All(receivers, receiver => Assert.Equal(-1, receiver.Receive()));

        Send(batch, AddressOf(peer), Text("last words"));
        batch.Flush();
        Assert.Equal(10, peer.Receive(new byte[32]));
        Array.ForEach(receivers, receiver => receiver.Dispose());
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void A_datagram_that_arrived_before_shutdown_is_not_received_after_it(string implementation)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(4);
        using var peer = Peer();
        peer.SendTo(Text("too late"), transport.LocalEndPoint);
        transport.Shutdown();
        transport.Shutdown();
        Assert.Equal(-1, receiver.Receive());
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Disposing_the_transport_unblocks_its_receivers(string implementation)
    {
        var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(4);
        using var started = new ManualResetEventSlim();
        var waiting = OnOwnThread(() =>
        {
            started.Set();
            return receiver.Receive();
        });
        Assert.True(started.Wait(Limit));
        transport.Dispose();
        Assert.Equal(-1, await waiting.WaitAsync(Limit));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Datagrams_that_the_system_refuses_are_counted_as_dropped_and_the_rest_is_sent(string implementation)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(4);
        using var batch = transport.CreateSendBatch(8);
        var self = PeerAddress.From(transport.LocalEndPoint);
        var portZero = PeerAddress.From(new IPEndPoint(IPAddress.Loopback, 0));
        // The system refuses a broadcast without permission. The default address below has a family that the socket does not support.
        var forbidden = PeerAddress.From(new IPEndPoint(IPAddress.Broadcast, 9));
        Send(batch, self, Text("a"));
        Send(batch, portZero, Text("x"));
        Send(batch, forbidden, Text("y"));
        Send(batch, default, Text("z"));
        Send(batch, self, Text("b"));
        batch.Flush();
        Assert.Equal(3, batch.Dropped);
        var received = await ReceiveAsync(transport, receiver, 2);
        Assert.Equal([Text("a"), Text("b")], received.Select(datagram => datagram.Bytes));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task A_peer_that_is_gone_affects_neither_sending_nor_receiving(string implementation)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(4);
        using var batch = transport.CreateSendBatch(4);
        PeerAddress gone;
        using (var peer = Peer())
            gone = AddressOf(peer);
        var self = PeerAddress.From(transport.LocalEndPoint);
        for (var i = 0; i < 10; i++)
        {
            Send(batch, gone, Text("anyone?"));
            batch.Flush();
            Send(batch, self, Text("me"));
            batch.Flush();
            Assert.Equal("me"u8.ToArray(), Assert.Single(await ReceiveAsync(transport, receiver, 1)).Bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Sizes_and_counts_out_of_range_are_refused(string implementation)
    {
        using var transport = Bind(implementation);
        using var batch = transport.CreateSendBatch(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Reserve(65_508));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Reserve(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(default, 0));
        batch.Reserve(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(default, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => transport.CreateReceiver(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => transport.CreateSendBatch(1025));
        using var receiver = transport.CreateReceiver(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => receiver.Request(0).Length);
    }
}
