using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Handlers;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>
/// A request that waits in a server's queue or whose handler runs on the thread pool. It has its own copy of the request's bytes, its own
/// result and its own token, so a handler that never returns harms no other request. A job is reused only after its handler has returned.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor handle; a handler may have its token for ever.")]
internal sealed class Job(FinishedJobs finished, TimeProvider time, string serverId) : IThreadPoolWorkItem
{
    /// <summary>Bytes of result space that an unused job keeps.</summary>
    private const int KeptBytes = 4096;

    private byte[] _block = [];
    private int _idLength;
    private int _length;
    private long _clientId;
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>The gateway that sent the request.</summary>
    public GatewayOutbox Gateway { get; private set; } = null!;

    /// <summary>The operation that the request asks for.</summary>
    public Operation Operation { get; private set; } = null!;

    /// <summary>The gateway's number for the request.</summary>
    public long Ticket { get; private set; }

    /// <summary>Whether another server has had the request before.</summary>
    public bool IsRetried { get; private set; }

    /// <summary>How important the request is compared with others, 0 to 9.</summary>
    public int Priority { get; private set; }

    /// <summary>The timestamp of the request's deadline, after which no client waits for the response.</summary>
    public long Deadline { get; private set; }

    /// <summary>Whether the request is answered, or never will be. Its handler may still run.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether the handler still runs long after the deadline.</summary>
    public bool IsHung { get; set; }

    /// <summary>The index of this job in <see cref="Workers"/>.</summary>
    public int Slot { get; set; }

    /// <summary>The timestamp at which the job came.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>The timestamp at which a worker took the job.</summary>
    public long TakenAt { get; set; }

    /// <summary>How long its handler was expected to take when the job came, in timestamp units.</summary>
    public double ExpectedTime { get; set; }

    /// <summary>The status of the response; its body is <see cref="Result"/>.</summary>
    public ResponseStatus Status { get; private set; }

    /// <summary>Time in service, in timestamp units.</summary>
    public long ServiceTime { get; private set; }

    /// <summary>What the handler wrote.</summary>
    public ResultWriter Result { get; } = new(KeptBytes);

    /// <summary>The request as its handler sees it.</summary>
    public WorkRequest Request => new(
        Operation.Name, _block.AsMemory(0, _idLength), _block.AsMemory(_idLength, _length - _idLength), _clientId, Deadline, time, serverId);

    /// <summary>Copies a request into this job.</summary>
    public void Fill(GatewayOutbox gateway, Operation operation, in RequestBatch batch, in ClientRequest request, long deadline)
    {
        (Gateway, Operation, Ticket, Deadline, _clientId) = (gateway, operation, request.Ticket, deadline, request.ClientId);
        (IsClosed, IsHung, IsRetried, Priority) = (false, false, request.IsRetried, request.Priority);
        var payload = batch.PayloadOf(request).Span;
        _idLength = request.IdLength;
        _length = _idLength + payload.Length;
        _block = ArrayPool<byte>.Shared.Rent(_length);
        batch.IdOf(request).CopyTo(_block);
        payload.CopyTo(_block.AsSpan(_idLength));
    }

    /// <summary>Returns the rented memory. To be called only when no handler has the job.</summary>
    /// <returns>Whether the job can be reused.</returns>
    public bool TryReset()
    {
        ArrayPool<byte>.Shared.Return(_block);
        _block = [];
        Result.Clear();
        (Gateway, Operation) = (null!, null!);
        return _cancellation.TryReset();
    }

    /// <summary>Cancels the handler's token, on the thread pool: what the handler does then must not hold up this turn.</summary>
    public void Cancel() => _ = _cancellation.CancelAsync();

    /// <summary>Runs the handler on a thread of the pool.</summary>
    public void Execute() => _ = Run();

    private async Task Run()
    {
        var begun = time.GetTimestamp();
        Result.BeginResult();
        try
        {
            var outcome = await Operation.Handler.Handle(Request, Result, _cancellation.Token);
            Status = WorkResult.Settle(Operation, outcome, Result);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            Result.Discard();
            Status = ResponseStatus.Expired;
        }
        catch (Exception failure)
        {
            Status = WorkResult.Say(Result, ResponseStatus.Error, Operation.Failed(failure));
        }

        ServiceTime = time.GetTimestamp() - begun;
        finished.Add(this);
    }
}
