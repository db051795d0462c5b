using Shortline.Gateway.Udp;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class UdpTransportAllocationTests : UdpTheory
{
    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Receiving_and_sending_allocate_nothing(string implementation)
    {
        using var transport = Bind(implementation);
        using var receiver = transport.CreateReceiver(16);
        using var batch = transport.CreateSendBatch(16);
        var self = PeerAddress.From(transport.LocalEndPoint);
        for (var i = 0; i < 16; i++)
            Send(batch, self, Pattern(100 + i, i));
        batch.Flush();

        // The transport sends sixteen datagrams to itself again and again, so that receiving and sending run on the measured thread.
        Assert.Equal(0, await OnOwnThread(() => Allocation.Of(() => Circulate(receiver, batch, rounds: 1000))).WaitAsync(Limit));
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
