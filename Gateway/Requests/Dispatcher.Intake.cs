using Shortline.Gateway.Udp;
using Shortline.GrainInterfaces.Servers;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <content>Accepts requests and assigns them to outboxes.</content>
internal sealed partial class Dispatcher
{
    /// <summary>The maximum length of a key: 64 escaped characters of at most 6 bytes each, two quotes, and the client.</summary>
    private const int KeyRoom = 512;

    private long _retryAfterUntil = long.MinValue;
    private int _retryAfterMs;

    /// <summary>Asks whether anybody reads and answers on a connection.</summary>
    private static ReadOnlySpan<byte> ProbeOperation => "probe"u8;

    /// <summary>Parses and identifies a request, which needs no lock, and admits it.</summary>
    private void Accept(ReadOnlySpan<byte> datagram, in PeerAddress peer, bool truncated, long now, DispatchTurn turn)
    {
        var reason = RequestParser.Parse(datagram, out var request);
        if (truncated)
        {
            reason = InvalidReason.TooLarge;
        }

        Span<byte> keyRoom = stackalloc byte[KeyRoom];
        var key = reason == InvalidReason.None ? RequestKey.Write(keyRoom, request, peer) : default;
        var hash = RequestKey.Hash(key);
        lock (_lock)
            Admit(request, reason, key, hash, peer, now, turn);
    }

    private void Admit(
        in RequestView request, InvalidReason reason, ReadOnlySpan<byte> key, int hash, in PeerAddress peer, long now, DispatchTurn turn)
    {
        Counters.Received++;
        if (peer.Port == 0)
        {
            Counters.Unanswerable++;
            return;
        }

        if (request.Operation.SequenceEqual(LocateOperation) && (reason == InvalidReason.None || (reason == InvalidReason.MissingId && peer.IsConnection)))
        {
            AnswerLocate(request, peer, now, turn);
            return;
        }

        if (reason == InvalidReason.MissingId && peer.IsConnection && request.Operation.SequenceEqual(ProbeOperation))
        {
            // No datagram is answered so, because its source may be forged.
            AnswerShort("[]"u8, peer, turn);
            return;
        }

        if (reason != InvalidReason.None)
        {
            Counters.CountInvalid(reason);
            Counters.CountAnswer(ResponseStatus.Invalid);
            AnswerWriter.WriteInvalid(turn.Replies, peer, request, reason);
            if (_invalidLog.TryPass(reason, out var suppressed))
            {
                Log.Invalid(_log, InvalidReasons.Name(reason), peer, suppressed);
            }

            return;
        }

        if (_requests.TryFind(key, hash, out var known, out var answer))
        {
            Repeat(known, answer, peer, turn);
            return;
        }

        if (_stopping)
        {
            Reject(request, peer, RejectReasons.Stopping, 0, turn);
            return;
        }

        var timeoutMs = request.TimeoutMs == 0 ? _settings.DefaultTimeoutMs : Math.Min(request.TimeoutMs, _settings.MaxTimeoutMs);
        var pending = _requests.Begin(request, key, hash, peer, now, now + _clock.Ticks(timeoutMs));
        if (pending is null)
        {
            Reject(request, peer, RejectReasons.GatewayFull, RetryAfterMs(now), turn);
            return;
        }

        _retryBudget.OnRequest((long)_clock.Milliseconds(now));
        DispatchOrWait(pending, now, turn);
    }

    /// <summary>Answers a request without an id by a value alone.</summary>
    private static void AnswerShort(ReadOnlySpan<byte> value, in PeerAddress peer, DispatchTurn turn)
    {
        value.CopyTo(turn.Replies.Reserve(peer, value.Length));
        turn.Replies.Commit(value.Length);
    }

    private void Repeat(PendingRequest? known, ReadOnlySpan<byte> answer, in PeerAddress peer, DispatchTurn turn)
    {
        if (known is not null)
        {
            // The client may repeat the request from another socket. The answer goes to the latest one.
            if (known.Peer.IsConnection)
            {
                // The earlier connection gets one answer less. If it is the same connection, it sent the request twice and gets one answer.
                _connections.Find(known.Peer)?.RemoveUnanswered();
            }

            known.Peer = peer;
            Counters.Joined++;
            return;
        }

        answer.CopyTo(turn.Replies.Reserve(peer, answer.Length));
        turn.Replies.Commit(answer.Length);
        Counters.Repeated++;
    }

    private bool TryDispatch(PendingRequest pending, long now, DispatchTurn turn)
    {
        if (pending.Attempts == byte.MaxValue)
        {
            // A ticket has no room for more. The request has met a server that returned it each time, and waits for its deadline.
            return false;
        }

        var link = _fleet.Pick(pending.Tried.AsSpan(), careful: !pending.Tried.IsEmpty || !pending.Idempotent, pending.AffinityKey, now);
        if (link is null)
        {
            return false;
        }

        pending.Server = link;
        pending.SentAt = now;
        pending.LoadWhenSent = link.EstimateLoad(_fleet.Gateways);
        pending.Attempts++;
        pending.Offers++;
        pending.MostLoad = pending.WasReturned ? int.MaxValue : _fleet.Choice.MostLoad;
        pending.HandedOver = false;
        if (link.InFlight++ == 0)
        {
            link.ProgressAt = now;
        }

        link.SentSinceNews++;
        link.Outbox.Enqueue(pending.Ticket);
        turn.Call(link);
        return true;
    }

    private void Reject(in RequestView request, in PeerAddress peer, ReadOnlySpan<byte> reason, int retryAfterMs, DispatchTurn turn)
    {
        Counters.CountAnswer(ResponseStatus.Rejected);
        AnswerWriter.Write(turn.Replies, peer, new Response
        {
            Id = request.Id,
            HasClientId = request.HasClientId,
            ClientId = request.ClientId,
            Status = ResponseStatus.Rejected,
            QueueLength = -1,
            Reason = reason,
            RetryAfterMs = retryAfterMs,
            ElapsedMicroseconds = -1,
        });
    }

    /// <summary>
    /// How long the shortest queue takes to empty. Before that, a rejected request should not be repeated. Looked up again after a moment
    /// only, because it looks at all servers.
    /// </summary>
    private int RetryAfterMs(long now)
    {
        const int Least = 10;
        const int Most = 5000;
        if (now < _retryAfterUntil)
            return _retryAfterMs;

        var shortest = double.MaxValue;
        foreach (var link in _fleet.Links)
        {
            if (link is { Retired: false, Unreachable: false, Status: ServerStatus.Ready })
            {
                shortest = Math.Min(shortest, link.EstimateLoad(_fleet.Gateways) * link.ServiceTimeMs / link.Concurrency);
            }
        }

        _retryAfterUntil = now + _clock.Ticks(Least);
        return _retryAfterMs = (int)Math.Clamp(shortest, Least, Most);
    }
}
