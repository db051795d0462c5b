using System.Text;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>A server whose reaction to each batch comes from the test.</summary>
internal sealed class FakeServer(string id, string silo = "") : IServerGrain
{
    private long _sequence;

    public string Id => id;

    public string Silo => silo;

    /// <summary>How it answers a probe; by default at once.</summary>
    public Func<Task<ServerResponse>>? OnGetStatus { get; set; }

    /// <summary>The number of probes that it received.</summary>
    public int Probes { get; private set; }

    /// <summary>Handles a batch; by default answers every request with <c>ok</c> at once.</summary>
    public Func<RequestBatch, ValueTask<BatchReceipt>>? OnSubmit { get; set; }

    public List<ReceivedRequest> Received { get; } = [];

    public List<int> BatchSizes { get; } = [];

    public long Incarnation { get; set; } = 1;

    public ValueTask<BatchReceipt> Submit(RequestBatch batch, IGatewayObserver replyTo)
    {
        lock (Received)
        {
            BatchSizes.Add(batch.Requests.Length);
            foreach (var request in batch.Requests.Span)
            {
                Received.Add(new ReceivedRequest(
                    request.Ticket, Encoding.UTF8.GetString(batch.IdOf(request)), Encoding.UTF8.GetString(batch.OperationOf(request)),
                    Encoding.UTF8.GetString(batch.PayloadOf(request).Span), request.TimeLeftMs));
            }
        }

        return OnSubmit is null ? new(AnswerAll(batch)) : OnSubmit(batch);
    }

    /// <summary>Answers every request of the batch with its own payload.</summary>
    public BatchReceipt AnswerAll(in RequestBatch batch)
    {
        var body = new List<byte>();
        var responses = new List<ClientResponse>();
        foreach (var request in batch.Requests.Span)
        {
            var payload = batch.PayloadOf(request).ToArray();
            responses.Add(new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Ok, Offset = body.Count, Length = payload.Length });
            body.AddRange(payload);
        }

        return new BatchReceipt { Done = Batch([.. responses], [.. body]) };
    }

    /// <summary>Accepts the batch; the answers come later in a push.</summary>
    public BatchReceipt AcceptAll() => new() { Done = Batch([], []) };

    public BatchReceipt RejectAll(in RequestBatch batch, RejectReason reason = RejectReason.QueueFull) => new()
    {
        Done = Batch([.. batch.Requests.ToArray().Select(request => new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Rejected, Reason = reason })], []),
    };

    /// <summary>Answers every request of the batch with an error, as if its handler had failed.</summary>
    public BatchReceipt FailAll(in RequestBatch batch) => new()
    {
        Done = Batch([.. batch.Requests.ToArray().Select(request => new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Error, ServiceTimeUs = 1 })], []),
    };

    /// <summary>A push with the answers to accepted requests.</summary>
    public ResponseBatch Answers(params ReceivedRequest[] requests)
    {
        var bodies = requests.Select(request => Encoding.UTF8.GetBytes(request.Payload)).ToArray();
        var offset = 0;
        var responses = new List<ClientResponse>();
        for (var i = 0; i < requests.Length; i++)
        {
            responses.Add(new ClientResponse { Ticket = requests[i].Ticket, Status = ResponseStatus.Ok, Offset = offset, Length = bodies[i].Length });
            offset += bodies[i].Length;
        }

        return Batch([.. responses], [.. bodies.SelectMany(body => body)]);
    }

    /// <summary>A push that rejects accepted requests.</summary>
    public ResponseBatch Rejections(RejectReason reason, params ReceivedRequest[] requests) =>
        Batch([.. requests.Select(request => new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Rejected, Reason = reason })], []);

    /// <summary>A push that reports accepted requests as expired.</summary>
    public ResponseBatch Expirations(int serviceTimeUs, params ReceivedRequest[] requests) =>
        Batch([.. requests.Select(request => new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Expired, ServiceTimeUs = serviceTimeUs })], []);

    public ServerResponse Report(ServerStatus status = ServerStatus.Ready, int queueLength = 0) => new()
    {
        Identity = id,
        SiloAddress = silo,
        Incarnation = Incarnation,
        Sequence = Interlocked.Increment(ref _sequence),
        Status = status,
        QueueLength = queueLength,
        ReadyForMs = 60_000,
    };

    public Task<ServerResponse> Start(long after) => throw new NotSupportedException();

    public Task<ServerResponse> Drain() => throw new NotSupportedException();

    public Task Share(int keep) => throw new NotSupportedException();

    public Task Kill() => throw new NotSupportedException();

    public Task<ServerResponse> GetStatus()
    {
        Probes++;
        return OnGetStatus?.Invoke() ?? Task.FromResult(Report());
    }

    private ResponseBatch Batch(ClientResponse[] responses, byte[] bytes) => new()
    {
        ServerId = id,
        Incarnation = Incarnation,
        Sequence = Interlocked.Increment(ref _sequence),
        QueueLength = 0,
        InService = 0,
        OfThisGateway = 0,
        Responses = responses,
        Bytes = bytes,
    };
}

internal sealed record ReceivedRequest(long Ticket, string Id, string Operation, string Payload, int TimeLeftMs);
