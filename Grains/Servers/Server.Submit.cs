using Shortline.GrainInterfaces;
using Shortline.Protocol;

namespace Shortline.Grains;

internal sealed partial class Server
{
    /// <summary>See <see cref="IServerGrain.Submit"/>.</summary>
    public BatchReceipt Submit(in RequestBatch batch, IGatewayObserver replyTo)
    {
        var now = _time.GetTimestamp();
        var arrived = now;
        var gateway = Gateways.Of(batch.GatewayId, replyTo, now);
        foreach (ref readonly var request in batch.Requests.Span)
        {
            _atOnce.Bodies.BeginResult();
            if (Refusal() is var reason and not RejectReason.None)
                AnswerAtOnce(request.Ticket, ResponseStatus.Rejected, reason);
            else if (request.TimeLeftMs <= 0 || now >= arrived + TimestampUnits(request.TimeLeftMs))
                AnswerAtOnce(request.Ticket, ResponseStatus.Expired);
            else if (_operations.Find(batch.OperationOf(request)) is not { } operation)
                AnswerUnknown(batch, request);
            else
                Accept(batch, request, operation, gateway, arrived + TimestampUnits(request.TimeLeftMs), ref now);
        }

        return new BatchReceipt { Done = Seal(_atOnce, gateway) };
    }

    /// <summary>Why the server takes nothing now.</summary>
    private RejectReason Refusal() => Status switch
    {
        ServerStatus.Ready => RejectReason.None,
        ServerStatus.Starting => RejectReason.NotStarted,
        _ => RejectReason.Draining,
    };

    private void Accept(
        in RequestBatch batch, in ClientRequest request, Operation operation, GatewayOutbox gateway, long deadline, ref long now)
    {
        var beginsNow = _workers.IsOneFree && _waiting.Count == 0;
        if (beginsNow && operation.RunsInline)
        {
            var id = batch.Bytes.Slice(request.Offset, request.IdLength);
            var work = new WorkRequest(operation.Name, id, batch.PayloadOf(request), request.ClientId, deadline, _time, _id);
            var status = InlineWork.Run(operation, work, _atOnce);
            AnswerAtOnce(request.Ticket, status, serviceTimeUs: Tally.Served(operation, Lap(ref now)));
            return;
        }

        if (!beginsNow && _waiting.Count == _waiting.Limit)
        {
            AnswerAtOnce(request.Ticket, ResponseStatus.Rejected, RejectReason.QueueFull);
            return;
        }

        var job = _jobs.Take();
        job.Fill(gateway, operation, batch, request, deadline);
        Changes++;
        gateway.Pending++;
        _unanswered++;
        if (beginsNow)
            _workers.Begin(job, now);
        else
            _waiting.TryEnqueue(job, deadline);
    }

    private void AnswerUnknown(in RequestBatch batch, in ClientRequest request)
    {
        var status = WorkResult.Say(_atOnce.Bodies, ResponseStatus.Invalid, _operations.Unknown(batch.OperationOf(request)));
        AnswerAtOnce(request.Ticket, status);
    }

    private void AnswerAtOnce(long ticket, ResponseStatus status, RejectReason reason = RejectReason.None, int serviceTimeUs = 0)
    {
        Changes++;
        Tally.Answered(status);
        _atOnce.Add(ticket, status, reason, serviceTimeUs);
    }

    /// <summary>The time since <paramref name="now"/>, which becomes the present: one look at the clock per piece of work.</summary>
    private long Lap(ref long now)
    {
        var before = now;
        now = _time.GetTimestamp();
        return now - before;
    }
}
