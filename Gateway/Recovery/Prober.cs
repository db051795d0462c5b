using Microsoft.Extensions.Logging;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Recovery;

/// <summary>
/// Probes servers that are unreachable or stalled, or left the ranking without draining. So the gateway learns their state even while the
/// balancer is on a silo that hangs.
/// </summary>
/// <param name="fleet">The servers. Its lock protects the prober.</param>
/// <param name="stallMs">See <see cref="LoadBalancerSettings.StallMs"/>.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class Prober(ServerFleet fleet, int stallMs, Clock clock, ILogger log)
{
    /// <summary>
    /// The most time between two probes, whatever <see cref="LoadBalancerSettings.StallMs"/> is: a server's own port is of one server,
    /// which it never takes for stalled, but a call to it may fail.
    /// </summary>
    private const int ProbeMs = 1000;

    /// <summary>
    /// Finds the servers to probe. A server that does not respond is probed again, because the new call may take another way.
    /// </summary>
    public void Collect(long now, Outgoing outgoing)
    {
        foreach (var server in fleet.Watched)
        {
            if (server is { Unreachable: false, Stalled: false } or { Retired: true })
                continue;
            if (clock.Milliseconds(now - server.Probe.At) <= Math.Min(stallMs, ProbeMs))
                continue;
            server.Probe = (now, false);
            outgoing.Probes.Add(server);
        }
    }

    /// <summary>Asks a server for its report. Called without a lock, because a grain call may run on this thread.</summary>
    /// <returns>The report; null if the call failed.</returns>
    public async Task<ServerResponse?> Probe(Destination server)
    {
        try
        {
            return await server.Grain.GetStatus().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            ProbeFailed(log, server.Id, failure.Message);
            return null;
        }
    }

    [LoggerMessage(3005, LogLevel.Debug, "The probe of server {Server} failed: {Failure}")]
    private static partial void ProbeFailed(ILogger log, string server, string failure);
}
