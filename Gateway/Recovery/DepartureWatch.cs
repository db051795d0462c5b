using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.Recovery;

/// <summary>
/// Settles requests of servers that left the ranking. A drained server has answered everything, but its last responses may arrive after the
/// ranking, because they take another way. If the server is gone with its silo, no responses arrive, and the gateway resends the requests.
/// </summary>
/// <remarks>Protected by <see cref="ServerFleet.Lock"/>.</remarks>
internal sealed class DepartureWatch(ServerFleet fleet, Clock clock)
{
    /// <summary>
    /// How long late responses are accepted after a drained server has left the ranking and the last call to it has returned.
    /// </summary>
    private const int LastResponsesMs = 1000;

    private readonly List<Destination> _over = [];

    /// <summary>Handles a server that left the ranking or restarted. A server that left without draining is probed.</summary>
    public static void OnLost(Destination server, long now, Outgoing outgoing)
    {
        if (!server.Retired || server.InFlight == 0)
        {
            GiveUp(server, outgoing);
        }
        else if (server.LeftAt is null)
        {
            server.LeftAt = now;
            if (server.Status is not (ServerStatus.Draining or ServerStatus.Stopped))
            {
                // The server may nevertheless have drained: after the balancer moved, the ranking with that status may be missing.
                outgoing.Probes.Add(server);
            }
        }
    }

    /// <summary>Gives up on servers that left the ranking and whose late responses did not arrive in time.</summary>
    public void SettleLeft(long now, Outgoing outgoing)
    {
        foreach (var server in fleet.Watched)
        {
            if (server is not { Retired: true, LeftAt: { } leftAt })
                continue;

            // The activation, or the next one, will accept or reject the call in progress.
            if (server.Sender.CalledAt is not null)
                server.LeftAt = now;
            else if (server.InFlight == 0 || now - leftAt > clock.Ticks(LastResponsesMs))
                _over.Add(server);
        }

        foreach (var server in _over)
            GiveUp(server, outgoing);
        _over.Clear();
    }

    /// <summary>
    /// Gives up on a server that left the ranking if the probe failed or found a new activation, which does not know the requests.
    /// </summary>
    public static void GiveUpIfLeft(Destination server, Outgoing outgoing)
    {
        if (server is { Retired: true, LeftAt: not null })
            GiveUp(server, outgoing);
    }

    private static void GiveUp(Destination server, Outgoing outgoing)
    {
        outgoing.Moves.AddAll(server, MoveRule.Gone);
        if (server.Retired)
            outgoing.Leaving.Add(server);
    }
}
