using System.Collections.Immutable;

namespace Shortline.Balancing.Scaling;

/// <summary>
/// Measures demand from counters. The number of arrivals at a server between two observations is the number of completed requests plus the
/// growth of its queue, plus the requests that it refused because it had too much work: they would be there if it had room. Multiplied by
/// the service time, this is the work that arrived; divided by the time, it is the number of workers that the demand keeps busy (Little's
/// law: J. D. C. Little, "A proof for the queuing formula L = λW", 1961).
/// </summary>
/// <remarks>
/// In contrast to the number of busy workers, this is not limited by the number of existing workers. So it tells at once how much too small
/// a fleet is. But it counts all the work of a request at one moment, and by a service time that is a guess when requests differ: one
/// request of a minute would look like a rush. So the time that requests were present is measured too, and limits it:
/// <see cref="LoadSample.OfferedSince"/>.
/// </remarks>
internal static class DemandMeter
{
    /// <summary>
    /// The number of completed requests from which a server's own smoothed service time is used. Before, that of the fleet is.
    /// </summary>
    private const int EnoughCompleted = 20;

    /// <summary>Observations and reports are not synchronous, so a server may seem busier than possible by this factor.</summary>
    private const double OutOfStep = 1.25;

    /// <summary>Measures the arrivals since the previous observation.</summary>
    /// <param name="before">The counters of the previous observation.</param>
    /// <param name="now">The present counters.</param>
    /// <param name="elapsedMs">Milliseconds between the two.</param>
    public static Demand Measure(ImmutableDictionary<string, ServerLoad> before, IReadOnlyList<ServerLoad> now, long elapsedMs)
    {
        var fleetServiceTime = MeanServiceTime(now);
        var sum = default(Demand);
        foreach (var server in now)
        {
            var known = before.TryGetValue(server.Id, out var last) && last.Incarnation == server.Incarnation;
            var share = known ? 1 : ShareOfLife(server, elapsedMs);
            var completed = Math.Max(0, server.Completed - (known ? last.Completed : 0)) * share;
            var grown = (Load(server) - (known ? Load(last) : 0)) * share;
            var refused = Math.Max(0, server.Refused - (known ? last.Refused : 0)) * share;
            var serviceTime = server.Completed >= EnoughCompleted ? server.ServiceTimeMs : fleetServiceTime;
            var concurrency = Math.Max(1, server.Concurrency);
            var work = Work(completed, grown, serviceTime, concurrency, elapsedMs);
            var presence = Math.Max(0, server.PresenceMs - (known ? last.PresenceMs : 0)) * share / concurrency;
            sum = new Demand(
                sum.Arrivals + Math.Max(0, completed + grown) + refused,
                sum.Work + work,
                sum.Presence + (server.PresenceMs >= 0 ? presence : work),
                sum.Refused + refused,
                sum.RefusedWork + (refused * serviceTime / concurrency));
        }

        return sum;
    }

    /// <summary>
    /// The completed work is limited by the elapsed time plus one service that may have started earlier. When slow work follows fast work,
    /// the smoothed service time is already that of the slow work and must not be applied to all completed requests.
    /// </summary>
    private static double Work(double completed, double grown, double serviceTime, int concurrency, long elapsedMs)
    {
        var done = Math.Min(completed * serviceTime / concurrency, (OutOfStep * elapsedMs) + serviceTime);
        return Math.Max(0, done + (grown * serviceTime / concurrency));
    }

    /// <summary>
    /// The mean service time of the fleet, weighted by completed requests, because the first services are not representative.
    /// </summary>
    private static double MeanServiceTime(IReadOnlyList<ServerLoad> servers)
    {
        double sum = 0, known = 0;
        foreach (var server in servers)
        {
            var completed = server.ServiceTimeMs > 0 ? Math.Clamp(server.Completed, 1, EnoughCompleted) : 0;
            sum += completed * server.ServiceTimeMs;
            known += completed;
        }

        return known > 0 ? sum / known : 0;
    }

    private static double Load(in ServerLoad server) => (double)server.Waiting + server.InService;

    /// <summary>
    /// The part of the counters of an unknown server that counts: everything if the server is new, the proportional part if the server is
    /// older than the observation, because the controller is new.
    /// </summary>
    private static double ShareOfLife(in ServerLoad server, long elapsedMs) =>
        server.ReadyForMs <= elapsedMs ? 1 : (double)elapsedMs / server.ReadyForMs;
}

/// <summary>The demand between two observations.</summary>
/// <param name="Arrivals">Requests that arrived.</param>
/// <param name="Work">The milliseconds for which those that were accepted keep a server busy, by the usual service times.</param>
/// <param name="Presence">The milliseconds that requests spent at the servers, divided by the workers of each.</param>
/// <param name="Refused">Requests that were refused.</param>
/// <param name="RefusedWork">The milliseconds for which these would have kept a server busy.</param>
internal readonly record struct Demand(double Arrivals, double Work, double Presence, double Refused, double RefusedWork);
