using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Shortline.Gateway.Udp;
using Shortline.Gateway.Udp.Linux;
using Shortline.TestAddresses;

namespace Shortline.Unit.Tests.Gateway.Udp;

/// <summary>Sockets that receive on every address of the machine: answers leave from the address that was asked.</summary>
public sealed class WildcardSocketTests : UdpTheory
{
    private const int IPv4Level = 0;
    private const int PacketInformation = 8;

    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Third = IPAddress.Parse("127.0.0.3");

    [SeveralAddressesFact]
    public Task A_client_that_is_connected_to_one_of_several_addresses_gets_its_answer() =>
        AnswersConnected(IPAddress.Any, IPAddress.Loopback, Second, Third);

    [SeveralAddressesFact(NeedsIPv6 = true)]
    public Task A_socket_for_IPv6_serves_IPv4_in_the_same_way() =>
        AnswersConnected(IPAddress.IPv6Any, Second, IPAddress.IPv6Loopback, Third, IPAddress.Loopback);

    [SeveralAddressesFact(NeedsIPv6 = true)]
    public async Task Link_local_addresses_are_answered_from_their_interface()
    {
        // A machine without a network has none; then there is nothing to see.
        foreach (var linkLocal in LinkLocalAddresses())
            await AnswersConnected(IPAddress.IPv6Any, linkLocal, IPAddress.IPv6Loopback);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Every_implementation_serves_IPv4_on_the_address_for_all(string implementation)
    {
        using var transport = Bind(implementation, IPAddress.IPv6Any);
        using var receiver = transport.CreateReceiver(4);
        using var batch = transport.CreateSendBatch(4);
        using var client = Peer();
        client.SendTo(Text("four"), new IPEndPoint(IPAddress.Loopback, transport.LocalEndPoint.Port));

        var received = Assert.Single(await ReceiveAsync(transport, receiver, 1));
        Assert.Equal(client.LocalEndPoint, received.Peer.ToEndPoint());
        Send(batch, received.Peer, received.Bytes);
        batch.Flush();

        Assert.Equal(0, batch.Dropped);
        Assert.Equal("four", ReceiveText(client));
    }

    [SeveralAddressesFact]
    public async Task Equal_answers_to_one_peer_that_was_served_at_two_addresses_leave_from_both()
    {
        using var transport = Bind("batched", IPAddress.Any);
        using var receiver = transport.CreateReceiver(64);
        using var batch = transport.CreateSendBatch(64);
        using var client = Peer();
        IPAddress[] order = [Second, Second, Third, Second, Third, Third, Third, IPAddress.Loopback];
        for (var i = 0; i < order.Length; i++)
            client.SendTo(Text($"request {i}"), new IPEndPoint(order[i], transport.LocalEndPoint.Port));

        foreach (var (peer, bytes) in await ReceiveAsync(transport, receiver, order.Length))
            Send(batch, peer, bytes);
        batch.Flush();

        for (var i = 0; i < order.Length; i++)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var buffer = new byte[64];
            var length = client.ReceiveFrom(buffer, ref from);
            Assert.Equal(($"request {i}", order[i]), (Encoding.UTF8.GetString(buffer, 0, length), ((IPEndPoint)from).Address));
        }
    }

    [SeveralAddressesFact]
    public async Task Each_of_several_receivers_knows_the_address()
    {
        using var transport = UdpTransports.Bind(new IPEndPoint(IPAddress.Any, 0), new UdpSocketOptions { Receivers = 4 });
        var threads = Enumerable.Range(0, 4).Select(index => OnOwnThread(() => Echo(transport, index))).ToArray();
        for (var i = 0; i < 32; i++)
        {
            using var client = Connected(new IPEndPoint(i % 2 == 0 ? Second : Third, transport.LocalEndPoint.Port));
            client.Send(Text($"{i}"));
            Assert.Equal($"{i}", ReceiveText(client));
        }

        transport.Shutdown();
        await Task.WhenAll(threads).WaitAsync(Limit);
    }

    [SeveralAddressesFact]
    public async Task A_broadcast_is_answered_from_an_address_that_the_system_chooses()
    {
        using var transport = Bind("batched", IPAddress.Any);
        using var receiver = transport.CreateReceiver(4);
        using var batch = transport.CreateSendBatch(4);
        using var client = Peer();
        client.EnableBroadcast = true;
        client.SendTo(Text("anyone?"), new IPEndPoint(IPAddress.Parse("127.255.255.255"), transport.LocalEndPoint.Port));

        var received = Assert.Single(await ReceiveAsync(transport, receiver, 1));
        Assert.Equal(LocalAddresses.None, received.Peer.Local);
        Send(batch, received.Peer, Text("me"));
        batch.Flush();

        Assert.Equal("me", ReceiveText(client));
    }

    [SeveralAddressesFact]
    public void Answers_from_an_address_that_the_machine_has_lost_leave_from_another_one()
    {
        var lost = new LocalAddress(0, 0xFFFF_C633_6401, 0); // ::ffff:198.51.100.1, for documentation
        SendsWithoutTheLost(IPAddress.Any, IPAddress.Loopback, lost);
    }

    [SeveralAddressesFact(NeedsIPv6 = true)]
    public void The_same_with_IPv6()
    {
        var lost = new LocalAddress(0x2001_0DB8_0000_0000, 1, 0); // 2001:db8::1, for documentation
        SendsWithoutTheLost(IPAddress.IPv6Any, IPAddress.IPv6Loopback, lost);

        // The interface is gone too.
        SendsWithoutTheLost(IPAddress.IPv6Any, IPAddress.IPv6Loopback, new LocalAddress(0xFE80_0000_0000_0000, 1, int.MaxValue));
    }

    [SeveralAddressesFact]
    public async Task A_socket_that_is_bound_to_one_address_does_not_ask_the_kernel_for_it()
    {
        using var bound = UdpTransports.BindSocket(new IPEndPoint(Second, 0), new UdpSocketOptions());
        var option = new byte[4];
        bound.GetRawSocketOption(IPv4Level, PacketInformation, option);
        Assert.Equal(new byte[4], option);

        using var transport = UdpTransports.Over(bound);
        using var receiver = transport.CreateReceiver(4);
        using var client = Connected(transport.LocalEndPoint);
        client.Send(Text("hello"));
        Assert.Equal(LocalAddresses.None, Assert.Single(await ReceiveAsync(transport, receiver, 1)).Peer.Local);
    }

    private static async Task AnswersConnected(IPAddress bound, params IPAddress[] asked)
    {
        using var transport = Bind("batched", bound);
        using var receiver = transport.CreateReceiver(16);
        using var batch = transport.CreateSendBatch(16);
        Socket[] clients = [.. asked.Select(address => Connected(new IPEndPoint(address, transport.LocalEndPoint.Port)))];

        // A single answer at first, and then several of one length, which leave as one message.
        foreach (var answers in (int[])[1, 3])
        {
            foreach (var client in clients)
                client.Send(Text($"{client.RemoteEndPoint}"));
            foreach (var (peer, bytes) in await ReceiveAsync(transport, receiver, clients.Length))
            {
                Assert.Contains(clients, client => client.LocalEndPoint!.Equals(peer.ToEndPoint()));
                for (var i = 0; i < answers; i++)
                    Send(batch, peer, bytes);
            }

            batch.Flush();
            foreach (var client in clients)
            {
                for (var i = 0; i < answers; i++)
                    Assert.Equal($"{client.RemoteEndPoint}", ReceiveText(client));
            }
        }

        Assert.Equal(0, batch.Dropped);
        Array.ForEach(clients, client => client.Dispose());
    }

    private static void SendsWithoutTheLost(IPAddress bound, IPAddress loopback, LocalAddress lost)
    {
        var locals = new LocalAddresses(log: null);
        var number = locals.NumberOf(lost);
        using var transport = new LinuxUdpTransport([UdpTransports.BindSocket(new IPEndPoint(bound, 0), new UdpSocketOptions())], locals);
        using var batch = transport.CreateSendBatch(16);
        using var client = Peer(loopback);
        var plain = AddressOf(client);
        var peer = plain.Received(plain.Bytes.Length, number);
        Assert.True(locals.TryGet(peer.Local, out var known) && known == lost);

        // Alone, among others, and in a run.
        string[] texts = ["before", "a", "bb", "bb", "bb", "after"];
        foreach (var text in texts)
            Send(batch, text is "before" or "after" ? plain : peer, Text(text));
        batch.Flush();

        Assert.Equal(texts, texts.Select(_ => ReceiveText(client)));
        Assert.Equal(0, batch.Dropped);
    }

    private static bool Echo(IUdpTransport transport, int index)
    {
        using var receiver = transport.CreateReceiver(4, index);
        using var batch = transport.CreateSendBatch(4);
        for (var count = receiver.Receive(); count >= 0; count = receiver.Receive())
        {
            for (var i = 0; i < count; i++)
                Send(batch, receiver.Peer(i), receiver.Request(i));
            batch.Flush();
        }

        return true;
    }

    private static Socket Connected(IPEndPoint target)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Limit.TotalMilliseconds };
        socket.Connect(target);
        return socket;
    }

    private static string ReceiveText(Socket socket)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static IEnumerable<IPAddress> LinkLocalAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(own => own.Address)
            .Where(address => address.IsIPv6LinkLocal);
}
