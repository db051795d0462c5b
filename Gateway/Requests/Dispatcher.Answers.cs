using Shortline.Balancing.Health;
using Shortline.GrainInterfaces.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <content>Settles responses of servers and answers clients.</content>
internal sealed partial class Dispatcher
{
    private void Settle(ServerLink link, in ResponseBatch batch, long now, DispatchTurn turn)
    {
        var speaksAgain = false;
        if (batch.Incarnation >= link.News.Incarnation)
        {
            speaksAgain = link.Unreachable;
            link.HeardAt = now;
            link.Unreachable = false;
        }

        link.Learn(new ServerNews(batch.Incarnation, batch.Sequence, batch.QueueLength + batch.InService, batch.OfThisGateway), now);
        var queueLength = batch.QueueLength;
        foreach (ref readonly var response in batch.Responses.Span)
        {
            Settle(link, batch, response, queueLength, now, turn);
        }

        if (speaksAgain)
        {
            Resume(link, now, turn);
        }
    }

    private void Settle(ServerLink link, in ResponseBatch batch, in ClientResponse response, int queueLength, long now, DispatchTurn turn)
    {
        var rejected = response.Status == ResponseStatus.Rejected;
        if (!rejected && batch.Incarnation >= link.News.Incarnation)
        {
            link.ProgressAt = now;
            link.Stalled = false;
        }

        if (!_requests.TryGet(response.Ticket, out var pending))
        {
            Counters.Late++;
            return;
        }

        var isCurrent = pending.Attempts == PendingRequest.AttemptOf(response.Ticket) && pending.Server == link;
        if (!isCurrent && response.Status is ResponseStatus.Rejected or ResponseStatus.Expired)
        {
            // A former server rejects or drops a request that another server has now.
            Counters.Late++;
            return;
        }

        if (!rejected && isCurrent)
        {
            // A request that expired while it waited is no failure of the server: the fleet was too small.
            var failed = response.Status == ResponseStatus.Error || response is { Status: ResponseStatus.Expired, ServiceTimeUs: > 0 };
            Observe(pending, link, failed, queueLength + batch.InService, now);
        }

        if (rejected)
        {
            OnRejected(pending, link, response.Reason, now, turn);
            return;
        }

        if (response is { Status: ResponseStatus.Expired, ServiceTimeUs: > 0 } && !pending.Idempotent)
        {
            AnswerUnserved(pending, ResponseStatus.Lost, "the deadline passed while a server worked on it; it may have run"u8, now, turn);
            return;
        }

        var body = batch.BodyOf(response);
        var ok = response.Status == ResponseStatus.Ok;
        Answer(pending, response.Status, link, queueLength, ok ? body : default, ok ? default : body, now, turn);
    }

    /// <summary>Records how a request ended, which influences the next choices.</summary>
    private void Observe(PendingRequest pending, ServerLink link, bool failed, int load, long now)
    {
        var verdict = _fleet.Choice.Observe(link, now - pending.SentAt, pending.LoadWhenSent, failed, load, now);
        if (verdict == OutlierVerdict.Ejected)
        {
            Counters.Ejections++;
            Log.Ejected(_log, link.Id, _settings.EjectionFailures);
        }
        else if (verdict == OutlierVerdict.Readmitted)
        {
            Log.Readmitted(_log, link.Id);
        }
    }

    /// <summary>Handles a request that a server rejected. It did not run there, so another server may have it.</summary>
    private void OnRejected(PendingRequest pending, ServerLink link, RejectReason reason, long now, DispatchTurn turn)
    {
        if (reason == RejectReason.NotStarted)
        {
            MarkUnreachable(link);
        }

        TakeBack(pending, link);
        if (reason == RejectReason.Shared)
        {
            // The server returned it because others have shorter queues. It may get the request again.
            pending.Tried.Remove(link.Slot);
            pending.WasReturned = true;
        }

        if (reason == RejectReason.Shared || (reason != RejectReason.QueueFull && !_isOfOneServer))
        {
            // The reason is the state of the server, so this does not count as an attempt. While all servers of a fleet are restarted, a
            // request may meet several that drain, and for a moment none that is ready.
            pending.Offers--;
            DispatchOrWait(pending, now, turn);
            Counters.Repicked += pending.Server is null ? 0 : 1;
            return;
        }

        if (pending.Offers < _settings.Attempts && TryDispatch(pending, now, turn))
        {
            Counters.Repicked++;
            return;
        }

        AnswerRejected(pending, RejectReasons.Of(reason), now, turn);
    }

    private void AnswerRejected(PendingRequest pending, ReadOnlySpan<byte> reason, long now, DispatchTurn turn)
    {
        Counters.CountAnswer(ResponseStatus.Rejected);
        AnswerWriter.Write(turn.Replies, pending.Peer, new Response
        {
            Id = pending.Id,
            HasClientId = pending.HasClientId,
            ClientId = pending.ClientId,
            Status = ResponseStatus.Rejected,
            QueueLength = -1,
            Reason = reason,
            RetryAfterMs = RetryAfterMs(now),
            ElapsedMicroseconds = _clock.Microseconds(now - pending.ReceivedAt),
        });

        // The answer is not kept for repeats, because the client is asked to send the request again.
        _requests.EndUnanswered(pending);
    }

    /// <summary>Answers a request without a response of a server.</summary>
    private void AnswerUnserved(PendingRequest pending, ResponseStatus status, ReadOnlySpan<byte> error, long now, DispatchTurn turn)
    {
        Answer(pending, status, pending.Server, -1, default, error, now, turn);
    }

    private void Answer(
        PendingRequest pending, ResponseStatus status, ServerLink? server, int queueLength,
        ReadOnlySpan<byte> result, ReadOnlySpan<byte> error, long now, DispatchTurn turn)
    {
        Counters.CountAnswer(status);
        var answer = AnswerWriter.Write(turn.Replies, pending.Peer, new Response
        {
            Id = pending.Id,
            HasClientId = pending.HasClientId,
            ClientId = pending.ClientId,
            Status = status,
            ServerId = server is null ? default : server.Utf8Id,
            QueueLength = queueLength,
            Result = result,
            Error = error,
            ElapsedMicroseconds = _clock.Microseconds(now - pending.ReceivedAt),
        });

        if (pending.Server is { } link)
        {
            link.InFlight--;
        }

        _requests.End(pending, answer, now);
    }

    /// <summary>Takes a request away from a server, so that another server can have it or it can be answered.</summary>
    private static void TakeBack(PendingRequest pending, ServerLink link)
    {
        link.InFlight--;
        pending.Server = null;
        pending.HandedOver = false;
        pending.Tried.Add(link.Slot);
    }
}
