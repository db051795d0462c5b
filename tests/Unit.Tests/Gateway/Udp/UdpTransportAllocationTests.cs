using System.Net;
using Shortline.Gateway.Udp;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class UdpTransportAllocationTests : UdpTheory
{
    [Theory]
    [MemberData(nameof(Implementations))]
    public Task Receiving_and_sending_allocate_nothing(string implementation) => AllocatesNothing(implementation, "127.0.0.1", "127.0.0.1");

    [Theory]
    [MemberData(nameof(Implementations))]
    public Task Nor_on_every_address_of_the_machine(string implementation) => AllocatesNothing(implementation, "0.0.0.0", "127.0.0.1");

    [IPv6Theory]
    [MemberData(nameof(Implementations))]
    public async Task Nor_with_IPv6_and_IPv4(string implementation)
    {
        await AllocatesNothing(implementation, "::", "::1");
        await AllocatesNothing(implementation, "::", "127.0.0.1");
    }

    private static async Task AllocatesNothing(string implementation, string bound, string target)
    {
        using var transport = Bind(implementation, IPAddress.Parse(bound));
        using var receiver = transport.CreateReceiver(16);
        using var batch = transport.CreateSendBatch(16);
        var self = PeerAddress.From(new IPEndPoint(IPAddress.Parse(target), transport.LocalEndPoint.Port));
        for (var i = 0; i < 16; i++)
            Send(batch, self, Pattern(100 + i, i));
        batch.Flush();

        // The transport sends sixteen datagrams to itself again and again, so that receiving and sending run on the measured thread.
        Assert.Equal(0, await OnOwnThread(() => Allocation.Of(() => Circulate(receiver, batch, rounds: 250))).WaitAsync(Limit));
    }

    private static void Circulate(IUdpReceiver receiver, IUdpSendBatch batch, int rounds)
    {
        var hash = 0UL;
        for (var round = 0; round < rounds; round++)
        {
            var count = receiver.Receive();
            for (var i = 0; i < count; i++)
            {
                var bytes = receiver.Request(i);
                ref readonly var peer = ref receiver.Peer(i);
                hash ^= peer.Hash(hash);
                bytes.CopyTo(batch.Reserve(bytes.Length));
                batch.Commit(in peer, bytes.Length);
            }

            batch.Flush();
        }
    }
}
