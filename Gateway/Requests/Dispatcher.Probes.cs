using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Requests;

/// <content>
/// Probes servers that are unreachable or stalled, or left the ranking without draining. So the gateway learns their state even while the
/// balancer is on a silo that hangs.
/// </content>
internal sealed partial class Dispatcher
{
    /// <summary>
    /// The most time between two probes, whatever <see cref="LoadBalancerSettings.StallMs"/> is: a server's own port is of one server,
    /// which it never takes for stalled, but a call to it may fail.
    /// </summary>
    private const int ProbeMs = 1000;

    private List<ServerLink> _probes = [];

    /// <summary>
    /// Finds the servers to probe. A server that does not respond is probed again, because the new call may take another way.
    /// </summary>
    private void CollectProbes(long now)
    {
        foreach (var link in _fleet.Watched)
        {
            if (!link.Unreachable && !link.Stalled)
            {
                continue;
            }

            var sinceMs = _clock.Milliseconds(now - link.Probe.At);
            if (!link.Retired && sinceMs > Math.Min(_settings.StallMs, ProbeMs))
            {
                link.Probe = (now, false);
                _probes.Add(link);
            }
        }
    }

    /// <summary>Called without the lock, because a grain call may run on this thread.</summary>
    private void StartProbes()
    {
        List<ServerLink> probes;
        lock (_lock)
        {
            if (_probes.Count == 0)
            {
                return;
            }

            (probes, _probes) = (_probes, []);
        }

        foreach (var link in probes)
        {
            _ = Probe(link);
        }
    }

    private async Task Probe(ServerLink link)
    {
        ServerResponse? report = null;
        try
        {
            report = await link.Grain.GetStatus().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.ProbeFailed(_log, link.Id, failure.Message);
        }

        OnProbed(link, report);
    }

    /// <summary>Handles the result of a probe.</summary>
    /// <param name="link">The server.</param>
    /// <param name="report">The report of the server; null if the call failed.</param>
    private void OnProbed(ServerLink link, ServerResponse? report)
    {
        var now = _clock.Now;
        var turn = _turns.Get();
        lock (_lock)
        {
            link.Probe = (link.Probe.At, link.Probe.Answered || report is not null);
            if (report is { Incarnation: not 0 } && report.Incarnation == link.News.Incarnation)
            {
                link.HeardAt = now;
                link.Learn(new ServerNews(report.Incarnation, report.Sequence, report.Load, Math.Min(report.Load, link.InFlight)), now);
                link.Stalled &= report.Load > 0;
                if (link.Unreachable)
                {
                    link.Unreachable = false;
                    Resume(link, now, turn);
                }
            }
            else
            {
                GiveUpIfLeft(link, now, turn);
            }
        }

        turn.Finish();
        _turns.Return(turn);
    }
}
