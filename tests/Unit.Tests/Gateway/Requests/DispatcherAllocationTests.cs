using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>Checks the promise of <c>docs/benchmarks.md</c>: in steady state the gateway allocates nothing for a request.</summary>
public class DispatcherAllocationTests
{
    private const int Rounds = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void A_request_allocates_nothing_in_the_gateway(int batch)
    {
        var transport = new RecordingTransport(record: false);
        var servers = new[] { new FrugalServer("0"), new FrugalServer("1") };
        var gateway = new DispatcherFixture(servers, transport);
        var datagrams = new DatagramList();
        for (var i = 0; i < batch; i++)
        {
            datagrams.Add($$$"""{"id":"{{{i:D8}}}","client_id":1000,"operation":"echo","payload":{"text":"hello, hello"}}""");
        }

        var outgoing = gateway.Dispatcher.RentOutgoing();
        var id = 0;
        void Round()
        {
            for (var i = 0; i < batch; i++)
            {
                Renumber(datagrams[i], ++id);
            }

            gateway.Dispatcher.OnRequests(datagrams, batch, outgoing);
        }

        // Runs until all pools have grown, the kept answers have reached their limit and the code is compiled.
        while (id < 200_000)
        {
            Round();
        }

        var allocated = Allocation.Of(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Round();
            }
        });
        Assert.Equal(id, transport.Count);
        Assert.True(allocated == 0, $"{allocated} bytes for {Rounds * batch} requests");
    }

    private static void Renumber(byte[] datagram, int id)
    {
        var digits = datagram.AsSpan(datagram.AsSpan().IndexOf("\"id\":\""u8) + 6, 8);
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (id % 10));
            id /= 10;
        }
    }
}
