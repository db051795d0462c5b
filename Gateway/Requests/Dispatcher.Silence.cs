using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Requests;

/// <content>
/// Handles calls that do not return. A server accepts or rejects a batch at once, however much work it has. So a call that does not return
/// means that the silo is lost or hangs, or cannot be reached. The requests in flight there go to others at once. The retry budget, which
/// is for slow servers, does not apply; the number is limited by what was in flight.
/// </content>
internal sealed partial class Dispatcher
{
    /// <summary>A call counts as hung after this many times its usual duration. Batches and the load of the machine vary.</summary>
    private const double UsualCallTimes = 5;

    /// <summary>
    /// A call counts as hung after this many times <see cref="LoadBalancerSettings.StallMs"/>, however long calls usually are.
    /// </summary>
    private const double MostStallTimes = 10;

    /// <summary>
    /// Sweeps run every few milliseconds. If there was none for this long and for half of the stall limit, this process was paused, and
    /// the time tells nothing about servers.
    /// </summary>
    private const int OversleptMs = 100;

    private long _sweptAt;

    /// <summary>Links found silent in this pass. None of them may receive the requests of another.</summary>
    private readonly List<ServerLink> _silent = [];

    /// <summary>Finds calls that do not return, and sends the requests of their servers to others.</summary>
    private void EjectHung(long now, DispatchTurn turn)
    {
        for (var i = 0; i < _fleet.Watched.Count; i++)
        {
            var link = _fleet.Watched[i];
            if (link.Lane.CalledAt is { } calledAt && _clock.Milliseconds(now - calledAt) > CallLimitMs(link))
            {
                Counters.Stalls++;
                if (_stallLog.TryPass(link.Id, out var suppressed))
                {
                    Log.NoAnswer(_log, link.Id, _clock.Milliseconds(now - calledAt), link.InFlight, suppressed);
                }

                // The own silo is this process, so it is there.
                var isSiloSilent = !link.IsLocal && IsSilent(link.SiloAddress, since: calledAt);
                Silence(link, now);
                if (isSiloSilent)
                {
                    SilenceSiloOf(link, now);
                }
            }
        }

        GiveAway(now, turn);
    }

    private double CallLimitMs(ServerLink link) => Math.Clamp(
        UsualCallTimes * _clock.Milliseconds((long)link.Pace.Of(link.Lane.Batch.Count)), _settings.StallMs, MostStallTimes * _settings.StallMs);

    /// <summary>Whether nothing was received from any server of a silo.</summary>
    private bool IsSilent(string siloAddress, long since)
    {
        foreach (var link in _fleet.Links)
        {
            if (link.HeardAt > since && IsOn(link, siloAddress))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Treats all servers of the silo of a link as silent, whether or not a call to them is in progress.</summary>
    private void SilenceSiloOf(ServerLink lost, long now)
    {
        foreach (var link in _fleet.Links)
        {
            if (link != lost && !link.Unreachable && IsOn(link, lost.SiloAddress))
            {
                Silence(link, now);
            }
        }
    }

    private static bool IsOn(ServerLink link, string siloAddress) =>
        siloAddress.Length > 0 && string.Equals(link.SiloAddress, siloAddress, StringComparison.Ordinal);

    /// <summary>Sends nothing more to a server until it is heard from. The call in progress keeps its lane.</summary>
    private void Silence(ServerLink link, long now)
    {
        MarkUnreachable(link);
        _silent.Add(link);
        if (link.Lane.CalledAt is not null)
        {
            link.ChangeLane(now);
            StartCalls(link, link.Lane);
        }
    }

    /// <summary>
    /// Sends the requests of silent servers to others, except those that must not run twice: their servers may still answer.
    /// </summary>
    private void GiveAway(long now, DispatchTurn turn)
    {
        foreach (var link in _silent)
        {
            TryOthers(link, now, turn, isGone: true);
        }

        _silent.Clear();
    }

    /// <summary>
    /// Sends the requests of lost calls again. If a server was heard from after its lane was abandoned, and the call has still not returned,
    /// then the call or its response is lost: it went through another silo, as calls of a gateway process may, and that silo is gone.
    /// </summary>
    private void ResendLostCalls(long now, DispatchTurn turn)
    {
        for (var i = 0; i < _fleet.Watched.Count; i++)
        {
            var link = _fleet.Watched[i];
            for (var j = link.HungLanes.Count - 1; j >= 0; j--)
            {
                var lane = link.HungLanes[j];
                if (link.HeardAt > lane.AbandonedAt && !link.Unreachable)
                {
                    link.HungLanes.RemoveAt(j);
                    Resend(lane, link, now, turn);
                }
            }
        }
    }

    private void Resend(CallLane lane, ServerLink link, long now, DispatchTurn turn)
    {
        foreach (ref readonly var request in lane.Batch.Requests)
        {
            if (!_requests.TryGet(request.Ticket, out var pending) || pending.Ticket != request.Ticket || pending.Server != link
                || MustNotRunAgain(pending) || pending.Offers >= _settings.Attempts)
            {
                continue;
            }

            TakeBack(pending, link);
            pending.Tried.Remove(link.Slot);
            Counters.Redispatched++;
            DispatchOrWait(pending, now, turn);
        }
    }

    /// <summary>Resumes a server that is heard from again. It gets the requests that no other server could take.</summary>
    private void Resume(ServerLink link, long now, DispatchTurn turn)
    {
        if (link.Outbox.Count > 0)
        {
            turn.Call(link);
        }

        DispatchWaiting(now, turn);
    }

    /// <summary>Whether this process was paused since the last sweep. The pause then does not count as silence of any server.</summary>
    private bool Overslept(long now)
    {
        var gap = now - _sweptAt;
        _sweptAt = now;
        if (_clock.Milliseconds(gap) <= Math.Max(OversleptMs, _settings.StallMs / 2))
        {
            return false;
        }

        foreach (var link in _fleet.Watched)
        {
            link.ProgressAt = Math.Min(now, link.ProgressAt + gap);
            link.OthersTriedAt = Math.Min(now, link.OthersTriedAt + gap);
            if (link.Lane.CalledAt is { } calledAt)
            {
                link.Lane.CalledAt = Math.Min(now, calledAt + gap);
            }
        }

        return true;
    }
}
