namespace Shortline.Gateway;

/// <content>What to do when a server is gone, hangs, or time runs out.</content>
internal sealed partial class Dispatcher
{
    /// <summary>Tickets of requests that no server takes at the moment.</summary>
    private readonly Queue<long> _waiting = new();

    /// <summary>Ends what nobody waits for any more.</summary>
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
                    AnswerUnserved(pending, ResponseStatus.Lost, "no answer from its server in time; it may have run"u8, now, turn);
                }
                else
                {
                    AnswerUnserved(pending, ResponseStatus.Expired, "no answer from a server in time"u8, now, turn);
                }
            }
        }
    }

    /// <summary>Finds servers that have work and answer nothing, and gives what they hold to others.</summary>
    private void EjectStalled(long now, DispatchTurn turn)
    {
        foreach (var link in _fleet.Links)
        {
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
                    // It has nothing that others may have, or there are no others.
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

    /// <summary>When most servers are stalled they get requests all the same (<see cref="StallDetector.UseAll"/>); those must not stay there either.</summary>
    private void TryOthersAgain(ServerLink link, long now, DispatchTurn turn)
    {
        if (link.InFlight > 0 && _clock.Milliseconds(now - link.OthersTriedAt) > StallDetector.LimitMs(link.ServiceTimeMs, _settings.StallMs))
        {
            link.OthersTriedAt = now;

            // It has been asked, when it stalled, whether it is there at all.
            TryOthers(link, now, turn, isGone: !link.Probe.Answered);
        }
    }

    /// <summary>Dispatches everything a lost server had, at once.</summary>
    private void GiveToOthers(ServerLink link, long now, DispatchTurn turn)
    {
        var (given, lost) = (0, 0);
        foreach (var pending in _requests.Slots)
        {
            if (pending.Server != link || !pending.InUse)
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
            DispatchOrWait(pending, now, turn);
        }

        link.Outbox.Clear();
        Counters.Redispatched += given;
        if (given + lost > 0 && _goneLog.TryPass(link.Id, out var suppressed))
        {
            Log.Gone(_log, link.Id, given, lost, suppressed);
        }
    }

    /// <summary>
    /// Gives what a stalled server has to others too; whoever answers first is right. Only what may run twice, and at most to as many
    /// servers as a request is offered to: one that makes every handler hang would take the whole fleet with it.
    /// </summary>
    /// <param name="link">The server.</param>
    /// <param name="now">The time.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="isGone">Whether it does not even answer calls; a server that does is slow, and so may the others be: then the retry budget is asked.</param>
    private void TryOthers(ServerLink link, long now, DispatchTurn turn, bool isGone)
    {
        foreach (var pending in _requests.Slots)
        {
            if (pending.Server != link || !pending.InUse || MustNotRunAgain(pending))
            {
                continue;
            }

            if ((pending.HandedOver && pending.Offers >= _settings.Attempts) || !_fleet.Choice.HasOtherThan(pending.Tried | link.TriedBit, now))
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

    /// <summary>Whether it may have run, and running it twice would do harm.</summary>
    private static bool MustNotRunAgain(PendingRequest pending) => pending is { HandedOver: true, Idempotent: false };

    /// <summary>Dispatches, or keeps the request until a server shows up or its time runs out.</summary>
    private void DispatchOrWait(PendingRequest pending, long now, DispatchTurn turn)
    {
        if (!TryDispatch(pending, now, turn))
        {
            _waiting.Enqueue(pending.Ticket);
        }
    }

    /// <summary>New servers: what waits for one goes there.</summary>
    private void DispatchWaiting(long now, DispatchTurn turn)
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var ticket = _waiting.Dequeue();
            if (_requests.TryGet(ticket, out var pending) && pending.Server is null)
            {
                // Servers it was at before have changed since.
                pending.Tried = 0;
                DispatchOrWait(pending, now, turn);
            }
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
