namespace Shortline.Gateway;

/// <content>
/// What to do when a call has no answer. A server takes a batch or rejects it at once, whatever it has to do, so a call without an answer says
/// that its silo is gone or has stopped, or that the way there is: what is in flight there is given to others at once, without asking the retry budget,
/// which is meant for servers that are slow. It is bounded by what was in flight there.
/// </content>
internal sealed partial class Dispatcher
{
    /// <summary>Calls are as long as usual, times this: batches and the machine's load vary.</summary>
    private const double UsualCallTimes = 5;

    /// <summary>However long calls usually are, one is hung after so many times <see cref="LoadBalancerSettings.StallMs"/>.</summary>
    private const double MostStallTimes = 10;

    /// <summary>
    /// Sweeps come every few milliseconds. If there was none for as long as this or half of what makes a server stalled, it was this process that stood
    /// still, and the time says nothing about servers.
    /// </summary>
    private const int OversleptMs = 100;

    private long _sweptAt;

    /// <summary>Links that were found silent a moment ago; none gets what another one gives away.</summary>
    private readonly List<ServerLink> _silent = [];

    /// <summary>Finds calls that have no answer, and gives what their servers have to others.</summary>
    private void EjectHung(long now, DispatchTurn turn)
    {
        foreach (var link in _fleet.Links)
        {
            if (link.Lane.CalledAt is { } calledAt && _clock.Milliseconds(now - calledAt) > CallLimitMs(link))
            {
                Counters.Stalls++;
                if (_stallLog.TryPass(link.Id, out var suppressed))
                {
                    Log.NoAnswer(_log, link.Id, _clock.Milliseconds(now - calledAt), link.InFlight, suppressed);
                }

                var isSiloSilent = IsSilent(link.SiloAddress, since: calledAt);
                Silence(link);
                if (isSiloSilent)
                {
                    SilenceSiloOf(link);
                }
            }
        }

        GiveAway(now, turn);
    }

    private double CallLimitMs(ServerLink link) => Math.Clamp(
        UsualCallTimes * _clock.Milliseconds((long)link.Pace.Of(link.Lane.Batch.Count)), _settings.StallMs, MostStallTimes * _settings.StallMs);

    /// <summary>Whether no server of a silo has said anything.</summary>
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

    /// <summary>The silo of this link is gone or has stopped: so are its other servers, whether or not a call to them is under way.</summary>
    private void SilenceSiloOf(ServerLink lost)
    {
        foreach (var link in _fleet.Links)
        {
            if (link != lost && !link.Unreachable && IsOn(link, lost.SiloAddress))
            {
                Silence(link);
            }
        }
    }

    private static bool IsOn(ServerLink link, string siloAddress) =>
        siloAddress.Length > 0 && string.Equals(link.SiloAddress, siloAddress, StringComparison.Ordinal);

    /// <summary>Sends nothing more to a server until it speaks. The call under way keeps its lane.</summary>
    private void Silence(ServerLink link)
    {
        MarkUnreachable(link);
        _silent.Add(link);
        if (link.Lane.CalledAt is not null)
        {
            link.ChangeLane();
            _ = RunCalls(link, link.Lane);
        }
    }

    /// <summary>Gives what silent servers have to others, but for what must not run twice: it may yet be answered there.</summary>
    private void GiveAway(long now, DispatchTurn turn)
    {
        foreach (var link in _silent)
        {
            TryOthers(link, now, turn, isGone: true);
        }

        _silent.Clear();
    }

    /// <summary>A silent server speaks again: it gets what nobody else could take.</summary>
    private void Resume(ServerLink link, long now, DispatchTurn turn)
    {
        if (link.Outbox.Count > 0)
        {
            turn.Call(link);
        }

        DispatchWaiting(now, turn);
    }

    /// <summary>Whether this process stood still since the last sweep; then that time is not held against anybody.</summary>
    private bool Overslept(long now)
    {
        var gap = now - _sweptAt;
        _sweptAt = now;
        if (_clock.Milliseconds(gap) <= Math.Max(OversleptMs, _settings.StallMs / 2))
        {
            return false;
        }

        foreach (var link in _fleet.Links)
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
