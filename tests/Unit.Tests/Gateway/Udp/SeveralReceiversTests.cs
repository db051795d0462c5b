using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Udp;

/// <summary>Several sockets receive on one port, where the system can do that; elsewhere one does.</summary>
public sealed class SeveralReceiversTests : UdpTheory
{
    private const int Sources = 32;

    private static readonly UdpSocketOptions Four = new() { Receivers = 4 };

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Each_datagram_comes_to_one_of_them_and_is_answered_from_the_port(string implementation)
    {
        using var transport = Bind(implementation, options: Four);
        Assert.Equal(implementation == "batched" ? 4 : 1, transport.Receivers);
        var received = new ConcurrentBag<(string Text, int Receiver)>();
        var threads = Enumerable.Range(0, transport.Receivers).Select(index => OnOwnThread(() => Answer(transport, index, received))).ToArray();

        var peers = Enumerable.Range(0, Sources).Select(_ => Peer()).ToArray();
        for (var i = 0; i < Sources; i++)
            peers[i].SendTo(Encoding.ASCII.GetBytes($"{i}"), transport.LocalEndPoint);
        for (var i = 0; i < Sources; i++)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var buffer = new byte[16];
            var length = peers[i].ReceiveFrom(buffer, ref from);
            Assert.Equal(($"{i}", transport.LocalEndPoint), (Encoding.ASCII.GetString(buffer, 0, length), from));
            peers[i].Dispose();
        }

        transport.Shutdown();
        await Task.WhenAll(threads).WaitAsync(Limit);
        Assert.Equal(Enumerable.Range(0, Sources).Select(i => $"{i}").Order(), received.Select(each => each.Text).Order());
        if (transport.Receivers > 1)
            Assert.True(received.DistinctBy(each => each.Receiver).Count() > 1, "the system gives the sources to several sockets");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    [InlineData(4, 4)]
    public void A_port_in_use_cannot_be_bound(int firstReceivers, int secondReceivers)
    {
        using var first = UdpTransports.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpSocketOptions { Receivers = firstReceivers });
        var fault = Assert.Throws<SocketException>(
            () => UdpTransports.Bind(first.LocalEndPoint, new UdpSocketOptions { Receivers = secondReceivers }).Dispose());
        Assert.Equal(SocketError.AddressAlreadyInUse, fault.SocketErrorCode);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void The_port_is_free_afterwards(string implementation)
    {
        var first = Bind(implementation, options: Four);
        var batches = Enumerable.Range(0, 5).Select(_ => first.CreateSendBatch(4)).ToArray();
        first.Dispose();
        Array.ForEach(batches, batch => batch.Dispose());
        using var second = UdpTransports.Bind(first.LocalEndPoint, Four);
        Assert.Equal(first.LocalEndPoint, second.LocalEndPoint);
    }

    private static bool Answer(IUdpTransport transport, int index, ConcurrentBag<(string Text, int Receiver)> received)
    {
        using var receiver = transport.CreateReceiver(4, index);
        using var batch = transport.CreateSendBatch(4);
        for (var count = receiver.Receive(); count >= 0; count = receiver.Receive())
        {
            for (var i = 0; i < count; i++)
            {
                received.Add((Encoding.ASCII.GetString(receiver.Request(i)), index));
                Send(batch, receiver.Peer(i), receiver.Request(i));
            }

            batch.Flush();
        }

        return true;
    }
}
