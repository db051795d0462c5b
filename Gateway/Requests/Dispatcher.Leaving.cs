using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.Requests;

/// <content>
/// Settles requests of servers that left the ranking. A drained server has answered everything, but its last responses may arrive after the
/// ranking, because they take another way. If the server is gone with its silo, no responses arrive, and the gateway resends the requests.
/// </content>
internal sealed partial class Dispatcher
{
    /// <summary>
    /// How long late responses are accepted after a drained server has left the ranking and the last call to it has returned.
    /// </summary>
    private const int LastResponsesMs = 1000;

    /// <summary>Handles a server that left the ranking or restarted. A server that left without draining is probed.</summary>
    private void OnLost(ServerLink link, long now, DispatchTurn turn)
    {
        if (!link.Retired || link.InFlight == 0)
        {
            GiveUp(link, now, turn);
        }
        else if (link.LeftAt is null)
        {
            link.LeftAt = now;
            if (link.Status is not (ServerStatus.Draining or ServerStatus.Stopped))
            {
                // The server may nevertheless have drained: after the balancer moved, the ranking with that status may be missing.
                _probes.Add(link);
            }
        }
    }

    /// <summary>Gives up on servers that left the ranking and whose late responses did not arrive in time.</summary>
    private void SettleLeft(long now, DispatchTurn turn)
    {
        _lost.Clear();
        foreach (var link in _fleet.Watched)
        {
            if (link is not { Retired: true, LeftAt: { } leftAt })
            {
                continue;
            }

            if (link.Lane.CalledAt is not null)
            {
                // The activation, or the next one, will accept or reject the call in progress.
                link.LeftAt = now;
            }
            else if (link.InFlight == 0 || now - leftAt > _clock.Ticks(LastResponsesMs))
            {
                _lost.Add(link);
            }
        }

        foreach (var link in _lost)
        {
            GiveUp(link, now, turn);
        }
    }

    /// <summary>
    /// Gives up on a server that left the ranking if the probe failed or found a new activation, which does not know the requests.
    /// </summary>
    private void GiveUpIfLeft(ServerLink link, long now, DispatchTurn turn)
    {
        if (link is { Retired: true, LeftAt: not null })
        {
            GiveUp(link, now, turn);
        }
    }

    private void GiveUp(ServerLink link, long now, DispatchTurn turn)
    {
        GiveToOthers(link, now, turn);
        if (link.Retired)
        {
            _fleet.Forget(link);
        }
    }
}
