using System.Net;
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

    [Fact]
    public void An_answer_that_is_too_large_for_its_client_and_its_repeat_with_a_token_allocate_nothing()
    {
        const string Request = """{"id":"00000000","operation":"x"}""";
        var peer = DatagramList.PeerAt(IPAddress.Parse("192.0.2.1"), 40000);
        var transport = new RecordingTransport();
        var gateway = new DispatcherFixture([new FrugalServer("0") { ResultLength = 300 }], transport);
        gateway.Send(new DatagramList().Add(Request, peer));
        var token = Assert.Single(transport.Sent).Json.GetProperty("token").GetString();
        transport.Records = false;
        var first = new DatagramList().Add(Request, peer);
        var repeat = new DatagramList().Add($"{Request[..^1]},\"token\":\"{token}\"}}", peer);
        var outgoing = gateway.Dispatcher.RentOutgoing();
        var id = 0;
        void Round()
        {
            Renumber(first[0], ++id);
            Renumber(repeat[0], id);
            gateway.Dispatcher.OnRequests(first, 1, outgoing);
            gateway.Dispatcher.OnRequests(repeat, 1, outgoing);
        }

        while (id < 100_000)
            Round();
        var allocated = Allocation.Of(() =>
        {
            for (var i = 0; i < Rounds; i++)
                Round();
        });

        var counters = gateway.Dispatcher.Counters;
        Assert.Equal((id + 1, id), (counters.Verify, counters.Repeated));
        Assert.Equal((2 * id) + 1, transport.Count);
        Assert.True(allocated == 0, $"{allocated} bytes for {Rounds} requests");
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
