using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Recovery;

/// <summary>
/// Handles calls that fail or do not return. A server accepts or rejects a batch at once, however much work it has. So a call that does not
/// return means that the silo is lost or hangs, or cannot be reached. The requests in flight there go to others at once. The retry budget,
/// which is for slow servers, does not apply; the number is limited by what was in flight.
/// </summary>
/// <remarks>Protected by <see cref="ServerFleet.Lock"/>.</remarks>
internal sealed partial class CallWatch(
    ServerFleet fleet, LoadBalancerSettings settings, GrainCalls calls, Clock clock, GatewayCounters counters, RateLimitedLog<string> stallLog, ILogger log)
{
    /// <summary>A call counts as hung after this many times its usual duration. Batches and the load of the machine vary.</summary>
    private const double UsualCallTimes = 5;

    /// <summary>
    /// A call counts as hung after this many times <see cref="LoadBalancerSettings.StallMs"/>, however long calls usually are.
    /// </summary>
    private const double MostStallTimes = 10;

    /// <summary>Servers found silent in this pass. None of them may receive the requests of another, so all are known before any moves.</summary>
    private readonly List<Destination> _silent = [];

    /// <summary>Finds calls that do not return, and sends the requests of their servers to others.</summary>
    public void EjectHung(long now, Outgoing outgoing)
    {
        for (var i = 0; i < fleet.Watched.Count; i++)
        {
            var server = fleet.Watched[i];
            if (server.Sender.CalledAt is not { } calledAt || clock.Milliseconds(now - calledAt) <= CallLimitMs(server))
                continue;

            counters.Stalls++;
            if (stallLog.TryPass(server.Id, out var suppressed))
                NoAnswer(log, server.Id, clock.Milliseconds(now - calledAt), server.InFlight, suppressed);

            // The own silo is this process, so it is there.
            var isSiloSilent = !server.IsLocal && IsSilent(server.SiloAddress, since: calledAt);
            Silence(server, now);
            if (isSiloSilent)
                SilenceSiloOf(server, now);
        }

        GiveAway(outgoing);
    }

    /// <summary>Sends the requests of failed calls to others, and those that the servers had before.</summary>
    /// <param name="calls">The servers, which are on one silo and whose calls have ended, with the requests of the calls.</param>
    /// <param name="failure">What the calls threw.</param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="outgoing">Collects what follows.</param>
    /// <param name="isStopping">Whether this process stops, so that a failure tells nothing about the silo of the servers.</param>
    public void OnCallsFailed(List<(Destination Server, BatchBuffer Batch)> calls, Exception failure, long now, Outgoing outgoing, bool isStopping)
    {
        var rule = ProvesThatNothingRan(failure) ? MoveRule.CallRefused : MoveRule.CallFailed;
        foreach (var (server, batch) in calls)
        {
            outgoing.Moves.AddBatch(server, batch, rule);
            if (!server.Unreachable)
                Silence(server, now);
        }

        // Once for all of them, because it looks at the whole fleet.
        if (calls is [var (first, _), ..] && failure is SiloUnavailableException && !isStopping && !first.IsLocal)
            SilenceSiloOf(first, now);
        GiveAway(outgoing);
    }

    /// <summary>
    /// Sends the requests of lost calls again. If a server was heard from after its sender was abandoned, and the call has still not
    /// returned, then the call or its response is lost: it went through another silo, as calls of a gateway process may, and that silo is gone.
    /// </summary>
    public void ResendLostCalls(Outgoing outgoing)
    {
        for (var i = 0; i < fleet.Watched.Count; i++)
        {
            var server = fleet.Watched[i];
            for (var j = server.HungSenders.Count - 1; j >= 0; j--)
            {
                var hung = server.HungSenders[j];
                if (server.HeardAt <= hung.AbandonedAt || server.Unreachable)
                    continue;
                server.HungSenders.RemoveAt(j);
                if (hung.Batch is { } batch)
                    outgoing.Moves.AddBatch(server, batch, MoveRule.CallLost);
            }
        }
    }

    /// <summary>
    /// Whether Orleans refused the call, so that it has not reached the server. Of a silo that became unavailable during the call nobody knows.
    /// </summary>
    private static bool ProvesThatNothingRan(Exception failure) =>
        failure is GatewayTooBusyException or (OrleansMessageRejectionException and not SiloUnavailableException);

    private double CallLimitMs(Destination server) => Math.Clamp(
        UsualCallTimes * clock.Milliseconds((long)server.Pace.Of(server.Sender.Batch?.Count ?? 0)), settings.StallMs, MostStallTimes * settings.StallMs);

    /// <summary>Whether nothing was received from any server of a silo.</summary>
    private bool IsSilent(string siloAddress, long since)
    {
        foreach (var server in fleet.All)
        {
            if (server.HeardAt > since && IsOn(server, siloAddress))
                return false;
        }

        return true;
    }

    /// <summary>Treats all servers of the silo of a server as silent, whether or not a call to them is in progress.</summary>
    private void SilenceSiloOf(Destination lost, long now)
    {
        foreach (var server in fleet.All)
        {
            if (server != lost && !server.Unreachable && IsOn(server, lost.SiloAddress))
                Silence(server, now);
        }
    }

    private static bool IsOn(Destination server, string siloAddress) =>
        siloAddress.Length > 0 && string.Equals(server.SiloAddress, siloAddress, StringComparison.Ordinal);

    /// <summary>Sends nothing more to a server until it is heard from. The call in progress keeps its sender.</summary>
    private void Silence(Destination server, long now)
    {
        fleet.MarkUnreachable(server);
        _silent.Add(server);
        if (server.Sender.CalledAt is not null)
        {
            server.ReplaceSender(now);
            calls.Start(server);
        }
    }

    private void GiveAway(Outgoing outgoing)
    {
        foreach (var server in _silent)
            outgoing.Moves.AddAll(server, MoveRule.Silent);
        _silent.Clear();
    }

    [LoggerMessage(3004, LogLevel.Warning, "A call to server {Server} has not returned for {SinceMs:F0} ms: its {InFlight} requests go to other servers until it responds; {Suppressed} more such calls since the last such line")]
    private static partial void NoAnswer(ILogger log, string server, double sinceMs, int inFlight, long suppressed);
}
