using Microsoft.Extensions.Logging;
using Shortline.Balancing;
using Shortline.Balancing.Health;
using Shortline.Gateway.Recovery;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Destinations;

/// <summary>Assigns requests to servers and takes them back. The caller holds the lock of the request's shard.</summary>
internal sealed partial class Assignments(
    ServerFleet fleet, LoadBalancerSettings settings, Clock clock, GatewayCounters counters, bool isOfOneServer, ILogger log)
{
    private readonly RetryBudget _retryBudget = new();
    private long _retryAfterUntil = long.MinValue;
    private int _retryAfterMs;

    /// <summary>Chooses a server for a request and puts the request into the batch that leaves next for that server.</summary>
    /// <returns>Whether a server can take it.</returns>
    public bool TryAssign(PendingRequest request, long now, Outgoing outgoing)
    {
        if (request.Attempts == byte.MaxValue)
        {
            // A ticket has no room for more. The request has met a server that returned it each time, and waits for its deadline.
            return false;
        }

        lock (fleet.Lock)
        {
            if (request.Attempts == 0)
                _retryBudget.OnRequest((long)clock.Milliseconds(now));
            var isCareful = !request.Tried.IsEmpty || !request.Idempotent;
            if (fleet.Pick(request.Tried.AsSpan(), isCareful, request.AffinityKey, now) is not { } server)
                return false;

            request.Server = server;
            request.SentAt = now;
            request.LoadWhenSent = server.EstimateLoad(fleet.Gateways);
            request.Attempts++;
            request.CountedAttempts++;
            request.MostLoad = request.WasReturned ? int.MaxValue : fleet.Choice.MostLoad;
            server.Add(request, now);
            outgoing.Call(server.Sender);
            return true;
        }
    }

    /// <summary>Takes a request away from a server that a rule says it is to leave.</summary>
    public MoveOutcome Move(PendingRequest request, MoveRule rule, long now)
    {
        lock (fleet.Lock)
        {
            var server = request.Server!;
            var mayHaveRun = request.HasLeft && !rule.NothingRan;
            if (mayHaveRun && !request.Idempotent)
            {
                if (rule.LostText is null)
                    return MoveOutcome.Stays;
                Release(request);
                return MoveOutcome.Lost;
            }

            if ((rule.IsLimited && mayHaveRun && request.CountedAttempts >= settings.Attempts)
                || (rule.NeedsAnother && !fleet.HasOtherThan(server, request.Tried.AsSpan(), now))
                || (rule.UsesRetryBudget && mayHaveRun && !_retryBudget.TryRetry((long)clock.Milliseconds(now))))
            {
                return MoveOutcome.Stays;
            }

            Release(request);
            if (!rule.MayReturn)
                request.Tried.Add(server.Slot);
            return MoveOutcome.Moved;
        }
    }

    /// <summary>Takes back a request that its server rejected.</summary>
    /// <returns>Whether the reason is the state of the server, so that the request may be assigned again whatever its attempts.</returns>
    public bool OnRejected(PendingRequest request, RejectReason reason)
    {
        lock (fleet.Lock)
        {
            var server = request.Server!;
            if (reason == RejectReason.NotStarted)
                fleet.MarkUnreachable(server);

            Release(request);
            if (reason == RejectReason.Shared)
            {
                // The server returned it because others have shorter queues. It may get the request again.
                request.WasReturned = true;
            }
            else
            {
                request.Tried.Add(server.Slot);
            }

            // While all servers of a fleet are restarted, a request may meet several that drain, and for a moment none that is ready.
            var isState = reason == RejectReason.Shared || (reason is not (RejectReason.QueueFull or RejectReason.Overloaded) && !isOfOneServer);
            if (isState)
                request.CountedAttempts--;
            return isState;
        }
    }

    /// <summary>Ends the assignment of a request that a server has completed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="completedBy">The server, if it is the one that has the request; null if an earlier one was faster.</param>
    /// <param name="failed">Whether the request failed.</param>
    /// <param name="load">The remaining load that the server reported; -1 if unknown.</param>
    /// <param name="now">The current timestamp.</param>
    public void Complete(PendingRequest request, Destination? completedBy, bool failed, int load, long now)
    {
        lock (fleet.Lock)
        {
            if (completedBy is not null)
                Observe(request, completedBy, failed, load, now);
            if (request.Server is not null)
                Release(request);
        }
    }

    /// <summary>Ends the assignment of a request whose deadline has passed.</summary>
    /// <returns>Whether it may have run.</returns>
    public bool Expire(PendingRequest request, long now)
    {
        lock (fleet.Lock)
        {
            if (request.Server is not { } server)
                return false;

            var hasLeft = request.HasLeft;
            if (hasLeft)
                Observe(request, server, failed: true, load: -1, now);
            Release(request);
            return hasLeft;
        }
    }

    /// <summary>
    /// How long the shortest queue takes to empty, and up to twice as long, so that those who are rejected together do not return together.
    /// Before that, a rejected request should not be repeated. Looked up again after a moment only, because it looks at all servers.
    /// </summary>
    public int RetryAfterMs(long now)
    {
        const int Least = 10;
        const int Most = 5000;
        lock (fleet.Lock)
        {
            if (now < _retryAfterUntil)
                return Spread(_retryAfterMs);

            var shortest = double.MaxValue;
            foreach (var server in fleet.All)
            {
                if (server is { Retired: false, Unreachable: false, Status: ServerStatus.Ready })
                    shortest = Math.Min(shortest, server.EstimateLoad(fleet.Gateways) * server.ServiceTimeMs / server.Concurrency);
            }

            _retryAfterUntil = now + clock.Ticks(Least);
            _retryAfterMs = (int)Math.Clamp(shortest, Least, Most);
            return Spread(_retryAfterMs);
        }

        int Spread(int milliseconds) => milliseconds + fleet.Random.Next(milliseconds + 1);
    }

    /// <summary>Records how a request ended, which influences the next choices.</summary>
    private void Observe(PendingRequest request, Destination server, bool failed, int load, long now)
    {
        var verdict = fleet.Choice.Observe(server, now - request.SentAt, request.LoadWhenSent, failed, load, now);
        if (verdict == OutlierVerdict.Ejected)
        {
            counters.Ejections++;
            Ejected(log, server.Id, settings.EjectionFailures);
        }
        else if (verdict == OutlierVerdict.Readmitted)
        {
            Readmitted(log, server.Id);
        }
    }

    private static void Release(PendingRequest request)
    {
        request.Server!.Remove(request);
        request.Server = null;
    }

    [LoggerMessage(3006, LogLevel.Warning, "Server {Server} is ejected after {Failures} failures in a row: it gets no requests for a while")]
    private static partial void Ejected(ILogger log, string server, int failures);

    [LoggerMessage(3007, LogLevel.Information, "Server {Server} works again")]
    private static partial void Readmitted(ILogger log, string server);
}
