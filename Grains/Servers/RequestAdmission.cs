using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Handlers;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>
/// Decides about each request of a batch: refuses it, runs it at once on this turn, or makes a job of it. Owns the responses that are
/// complete when the batch has been handled.
/// </summary>
internal sealed class RequestAdmission(
    string serverId, Operations operations, TimeProvider time, ServerLife life, ServerJobs jobs, ServerTally tally)
{
    private readonly ResponseBuffer _complete = new();

    /// <summary>Whether a handler may still read the batch handled last.</summary>
    public bool KeepsBatch { get; private set; }

    /// <summary>Handles a batch.</summary>
    /// <param name="batch">The requests.</param>
    /// <param name="gateway">The gateway that sent them.</param>
    /// <param name="arrived">The timestamp of their arrival.</param>
    /// <returns>The responses that are complete; the same buffer every time, to be taken before the next batch.</returns>
    public ResponseBuffer Submit(in RequestBatch batch, GatewayOutbox gateway, long arrived)
    {
        var now = arrived;
        KeepsBatch = false;
        foreach (ref readonly var request in batch.Requests.Span)
        {
            _complete.Bodies.BeginResult();
            var deadline = arrived + time.TimestampUnits(request.TimeLeftMs);
            if (life.Refusal is var reason and not RejectReason.None)
                Answer(request.Ticket, ResponseStatus.Rejected, reason);
            else if (request.TimeLeftMs <= 0 || now >= deadline)
                Answer(request.Ticket, ResponseStatus.Expired);
            else if (operations.Find(batch.OperationOf(request)) is not { } operation)
                AnswerUnknown(batch, request);
            else
                Accept(batch, request, operation, gateway, deadline, ref now);
        }

        return _complete;
    }

    private void Accept(in RequestBatch batch, in ClientRequest request, Operation operation, GatewayOutbox gateway, long deadline, ref long now)
    {
        var beginsNow = jobs.CanBeginNow;
        if (beginsNow && operation.RunsInline)
        {
            var id = batch.Bytes.Slice(request.Offset, request.IdLength);
            var work = new WorkRequest(operation.Name, id, batch.PayloadOf(request), request.ClientId, deadline, time, serverId);
            var status = InlineWork.Run(operation, work, _complete, out var keepsRequest);
            KeepsBatch |= keepsRequest;
            Answer(request.Ticket, status, serviceTimeUs: tally.ServedInline(operation, time.Lap(ref now)));
        }
        else if (!beginsNow && request.ReturnFrom > 0 && jobs.Waiting + jobs.InService >= request.ReturnFrom)
        {
            Answer(request.Ticket, ResponseStatus.Rejected, RejectReason.Shared);
        }
        else if (!beginsNow && !jobs.CanFinish(operation, request.Priority, deadline, now))
        {
            Refuse(request, RejectReason.Overloaded);
        }
        else if (!beginsNow && jobs.IsQueueFull && !jobs.TryMakeRoom(request.Priority))
        {
            Refuse(request, RejectReason.QueueFull);
        }
        else
        {
            jobs.Add(gateway, operation, batch, request, deadline, now);
        }
    }

    private void Refuse(in ClientRequest request, RejectReason reason)
    {
        tally.Refuse(request.IsRetried);
        Answer(request.Ticket, ResponseStatus.Rejected, reason);
    }

    private void AnswerUnknown(in RequestBatch batch, in ClientRequest request)
    {
        var status = WorkResult.Say(_complete.Bodies, ResponseStatus.Invalid, operations.Unknown(batch.OperationOf(request)));
        Answer(request.Ticket, status);
    }

    private void Answer(long ticket, ResponseStatus status, RejectReason reason = RejectReason.None, int serviceTimeUs = 0)
    {
        tally.Answered(status);
        _complete.Add(ticket, status, reason, serviceTimeUs);
    }
}
