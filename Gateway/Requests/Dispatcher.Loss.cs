using Shortline.Balancing.Health;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <content>Handles lost and stalled servers, and deadlines.</content>
internal sealed partial class Dispatcher
{
    /// <summary>The tickets of requests that no server can accept at the moment.</summary>
    private readonly Queue<long> _waiting = new();

    /// <summary>Answers requests whose deadline has passed.</summary>
    private void Expire(long now, DispatchTurn turn)
    {
        foreach (var pending in _requests.Slots)
        {
            if (pending.InUse && now >= pending.DeadlineAt)
            {
                if (pending is { HandedOver: true, Server: { } silent })
                {
                    Observe(pending, silent, failed: true, load: -1, now);
                }

                if (MustNotRunAgain(pending))
                {
                    AnswerUnserved(pending, ResponseStatus.Lost, "no response from its server in time; it may have run"u8, now, turn);
                }
                else
                {
                    AnswerUnserved(pending, ResponseStatus.Expired, "no response from a server in time"u8, now, turn);
                }
            }
        }
    }

    /// <summary>Finds servers that have work and complete nothing, and sends their requests to others.</summary>
    private void EjectStalled(long now, DispatchTurn turn)
    {
        for (var i = 0; i < _fleet.Watched.Count; i++)
        {
            var link = _fleet.Watched[i];
            if (link.Stalled)
            {
                TryOthersAgain(link, now, turn);
            }
            else if (StallDetector.IsStalled(link.InFlight, _clock.Milliseconds(now - link.ProgressAt), link.ServiceTimeMs, _settings.StallMs))
            {
                link.Stalled = true;
                link.OthersTriedAt = now;
                if (link.Unreachable)
                {
                    // Its remaining requests must not be sent to others, or there were no others.
                    TryOthers(link, now, turn, isGone: true);
                    continue;
                }

                Counters.Stalls++;
                if (_stallLog.TryPass(link.Id, out var suppressed))
                {
                    Log.Stalled(_log, link.Id, link.InFlight, _clock.Milliseconds(now - link.ProgressAt), suppressed);
                }

                TryOthers(link, now, turn, isGone: false);
            }
        }
    }

    /// <summary>
    /// Sends later requests of a stalled server to others. If most servers are stalled, they still get requests
    /// (<see cref="StallDetector.UseAll"/>).
    /// </summary>
    private void TryOthersAgain(ServerLink link, long now, DispatchTurn turn)
    {
        if (link.InFlight > 0 && _clock.Milliseconds(now - link.OthersTriedAt) > StallDetector.LimitMs(link.ServiceTimeMs, _settings.StallMs))
        {
            link.OthersTriedAt = now;

            // The probe that started when the server stalled tells whether it is there.
            TryOthers(link, now, turn, isGone: !link.Probe.Answered);
        }
    }

    /// <summary>
    /// Notices by its response that a server has restarted: it does not know what an earlier activation was given. Without this the next
    /// ranking would bring no news, and those requests would wait for their deadlines.
    /// </summary>
    /// <param name="link">The server.</param>
    /// <param name="incarnation">The incarnation that responds.</param>
    /// <param name="call">The first call that the responding activation may have received. It does not know the requests of earlier ones.</param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="turn">The turn.</param>
    private void OnIncarnation(ServerLink link, long incarnation, long call, long now, DispatchTurn turn)
    {
        if (link.News.Incarnation != 0 && incarnation > link.News.Incarnation)
            GiveToOthers(link, now, turn, beforeCall: call);
    }

    /// <summary>Sends all requests of a lost server to others at once.</summary>
    /// <param name="link">The server.</param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="beforeCall">Only those sent with calls before this number; null for all, also those that wait for a call.</param>
    private void GiveToOthers(ServerLink link, long now, DispatchTurn turn, long? beforeCall = null)
    {
        var (given, lost) = (0, 0);
        foreach (var pending in _requests.Slots)
        {
            if (pending.Server != link || !pending.InUse || (beforeCall is { } call && !(pending.HandedOver && pending.Call < call)))
            {
                continue;
            }

            if (MustNotRunAgain(pending))
            {
                lost++;
                AnswerUnserved(pending, ResponseStatus.Lost, "its server is gone; it may have run"u8, now, turn);
                continue;
            }

            given++;
            TakeBack(pending, link);
            if (beforeCall is not null)
            {
                // The server itself is there again.
                pending.Tried.Remove(link.Slot);
            }

            DispatchOrWait(pending, now, turn);
        }

        if (beforeCall is null)
            link.Outbox.Clear();
        Counters.Redispatched += given;
        LogGone(link, given, lost);
    }

    private void LogGone(ServerLink link, int given, int lost)
    {
        if (given + lost > 0 && _goneLog.TryPass(link.Id, out var suppressed))
            Log.Gone(_log, link.Id, given, lost, suppressed);
    }

    /// <summary>
    /// Sends the requests of a stalled server to others too; the first response counts. Only requests that may run twice, and within the
    /// limit of attempts: a request that makes every handler hang would otherwise block the whole fleet.
    /// </summary>
    /// <param name="link">The server.</param>
    /// <param name="now">The time.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="isGone">
    /// Whether the server does not respond to calls. A server that does is slow, and others may be slow too, so the retry budget applies.
    /// </param>
    private void TryOthers(ServerLink link, long now, DispatchTurn turn, bool isGone)
    {
        foreach (var pending in _requests.Slots)
        {
            if (pending.Server != link || !pending.InUse || MustNotRunAgain(pending))
            {
                continue;
            }

            if ((pending.HandedOver && pending.Offers >= _settings.Attempts) || !_fleet.HasOtherThan(link, pending.Tried.AsSpan(), now))
            {
                continue;
            }

            if (!isGone && pending.HandedOver && !_retryBudget.TryRetry((long)_clock.Milliseconds(now)))
            {
                continue;
            }

            TakeBack(pending, link);
            Counters.Redispatched++;
            DispatchOrWait(pending, now, turn);
        }
    }

    /// <summary>Whether the request may have run and must not run twice.</summary>
    private static bool MustNotRunAgain(PendingRequest pending) => pending is { HandedOver: true, Idempotent: false };

    /// <summary>Dispatches the request, or keeps it until a server is ready or its deadline passes.</summary>
    private void DispatchOrWait(PendingRequest pending, long now, DispatchTurn turn)
    {
        if (!TryDispatch(pending, now, turn))
        {
            _waiting.Enqueue(pending.Ticket);
        }
    }

    /// <summary>Dispatches the requests that wait for a server.</summary>
    private void DispatchWaiting(long now, DispatchTurn turn)
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var ticket = _waiting.Dequeue();
            if (_requests.TryGet(ticket, out var pending) && pending.Server is null)
            {
                // The state of the servers that had it has changed since.
                pending.Tried = default;
                DispatchOrWait(pending, now, turn);
            }
        }
    }

    /// <summary>
    /// Removes the tickets of requests that have ended while they waited. Done when these outnumber the requests in flight, so that its cost
    /// is that of the requests.
    /// </summary>
    private void ForgetEndedWaiting()
    {
        const int FewTickets = 64;
        if (_waiting.Count <= (2 * _requests.Count) + FewTickets)
            return;

        for (var left = _waiting.Count; left > 0; left--)
        {
            var ticket = _waiting.Dequeue();
            if (_requests.TryGet(ticket, out var pending) && pending.Server is null)
                _waiting.Enqueue(ticket);
        }
    }

    private void MarkUnreachable(ServerLink link)
    {
        if (!link.Unreachable)
        {
            link.Unreachable = true;
            _unreachable.Add(link.Id);
            _serversUnreachable?.Invoke();
        }
    }
}
