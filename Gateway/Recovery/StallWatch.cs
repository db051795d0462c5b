using Microsoft.Extensions.Logging;
using Shortline.Balancing.Health;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.Hosting.Logs;

namespace Shortline.Gateway.Recovery;

/// <summary>
/// Finds servers that have work and complete nothing, and sends their requests to others too; the first response counts.
/// </summary>
/// <remarks>Protected by <see cref="ServerFleet.Lock"/>.</remarks>
/// <param name="fleet">The servers.</param>
/// <param name="stallMs">See <see cref="StallDetector"/>.</param>
/// <param name="clock">The clock.</param>
/// <param name="counters">The counters of the fleet.</param>
/// <param name="stallLog">Limits the messages.</param>
/// <param name="log">The log.</param>
internal sealed partial class StallWatch(
    ServerFleet fleet, int stallMs, Clock clock, GatewayCounters counters, RateLimitedLog<string> stallLog, ILogger log)
{
    public void EjectStalled(long now, Outgoing outgoing)
    {
        for (var i = 0; i < fleet.Watched.Count; i++)
        {
            var server = fleet.Watched[i];
            if (server.Stalled)
                TryOthersAgain(server, now, outgoing);
            else if (StallDetector.IsStalled(server.InFlight, clock.Milliseconds(now - server.ProgressAt), server.ServiceTimeMs, stallMs))
                Eject(server, now, outgoing);
        }
    }

    private void Eject(Destination server, long now, Outgoing outgoing)
    {
        server.Stalled = true;
        server.OthersTriedAt = now;
        if (server.Unreachable)
        {
            // Its remaining requests must not be sent to others, or there were no others.
            outgoing.Moves.AddAll(server, MoveRule.Silent);
            return;
        }

        counters.Stalls++;
        if (stallLog.TryPass(server.Id, out var suppressed))
            Stalled(log, server.Id, server.InFlight, clock.Milliseconds(now - server.ProgressAt), suppressed);
        outgoing.Moves.AddAll(server, MoveRule.Stalled);
    }

    /// <summary>
    /// Sends later requests of a stalled server to others. If most servers are stalled, they still get requests
    /// (<see cref="StallDetector.UseAll"/>).
    /// </summary>
    private void TryOthersAgain(Destination server, long now, Outgoing outgoing)
    {
        if (server.InFlight == 0 || clock.Milliseconds(now - server.OthersTriedAt) <= StallDetector.LimitMs(server.ServiceTimeMs, stallMs))
            return;

        // The probe that started when the server stalled tells whether it is there.
        server.OthersTriedAt = now;
        outgoing.Moves.AddAll(server, server.Probe.Answered ? MoveRule.Stalled : MoveRule.Silent);
    }

    [LoggerMessage(3003, LogLevel.Warning, "Server {Server} has {InFlight} requests and has completed none for {SinceMs:F0} ms: it gets no more until it completes one; {Suppressed} more such servers since the last such line")]
    private static partial void Stalled(ILogger log, string server, int inFlight, double sinceMs, long suppressed);
}
