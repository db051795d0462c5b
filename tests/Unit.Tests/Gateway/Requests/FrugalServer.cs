using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>Echoes at once from memory that it reuses, so that the test measures the gateway alone.</summary>
internal sealed class FrugalServer(string id) : IServerGrain
{
    private readonly ClientResponse[] _responses = new ClientResponse[4096];
    private readonly byte[] _bytes = new byte[65_536];
    private long _sequence;

    public string Id => id;

    /// <summary>The length of results that are no echo; 0 to echo.</summary>
    public int ResultLength { get; init; }

    public ValueTask<BatchReceipt> Submit(RequestBatch batch, IGatewayObserver replyTo)
    {
        var length = 0;
        var count = 0;
        foreach (ref readonly var request in batch.Requests.Span)
        {
            var payload = batch.PayloadOf(request).Span;
            payload.CopyTo(_bytes.AsSpan(length));
            var result = ResultLength > 0 ? ResultLength : payload.Length;
            _responses[count++] = new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Ok, Offset = length, Length = result };
            length += result;
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
