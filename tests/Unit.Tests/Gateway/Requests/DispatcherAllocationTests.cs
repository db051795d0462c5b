using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Protocol.Responses;
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

    /// <summary>Echoes at once from memory that it reuses, so that the test measures the gateway alone.</summary>
    internal sealed class FrugalServer(string id) : IServerGrain
    {
        private readonly ClientResponse[] _responses = new ClientResponse[4096];
        private readonly byte[] _bytes = new byte[65_536];
        private long _sequence;

        public string Id => id;

        public ValueTask<BatchReceipt> Submit(RequestBatch batch, IGatewayObserver replyTo)
        {
            var length = 0;
            var count = 0;
            foreach (ref readonly var request in batch.Requests.Span)
            {
                var payload = batch.PayloadOf(request).Span;
                payload.CopyTo(_bytes.AsSpan(length));
                _responses[count++] = new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Ok, Offset = length, Length = payload.Length };
                length += payload.Length;
            }

            return new(new BatchReceipt
            {
                Done = new ResponseBatch
                {
                    ServerId = id,
                    Incarnation = 1,
                    Sequence = ++_sequence,
                    QueueLength = 0,
                    InService = 0,
                    OfThisGateway = 0,
                    Responses = _responses.AsMemory(0, count),
                    Bytes = _bytes.AsMemory(0, length),
                },
            });
        }

        public ServerResponse Report() =>
            new() { Identity = id, Incarnation = 1, Sequence = ++_sequence, Status = ServerStatus.Ready, ReadyForMs = 60_000 };

        public Task<ServerResponse> Start(long after) => throw new NotSupportedException();

        public Task<ServerResponse> Drain() => throw new NotSupportedException();

        public Task Share(int keep) => throw new NotSupportedException();

        public Task Kill() => throw new NotSupportedException();

        public Task<ServerResponse> GetStatus() => throw new NotSupportedException();
    }
}
