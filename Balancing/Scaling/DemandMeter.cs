using System.Collections.Immutable;

namespace Shortline.Balancing;

/// <summary>
/// Measures demand from counters. What arrived at a server between two looks is what it completed plus what its line grew
/// by; times the service time this is the work that arrived, over time the number of busy workers that demand asks for
/// (Little's law: J. D. C. Little, "A proof for the queuing formula L = λW", 1961).
/// </summary>
/// <remarks>
/// Unlike the number of busy workers seen at some moment, this is not capped by the workers there are: when the fleet is
/// far too small, it says at once how much too small.
/// </remarks>
internal static class DemandMeter
{
    /// <summary>Requests after which a server's own smoothed service time is trusted; before, the fleet's stands in.</summary>
    private const int EnoughCompleted = 20;

    /// <summary>Looks and reports are not quite in step; a server that looks this much busier than it can be is no fault of the measure.</summary>
    private const double OutOfStep = 1.25;

    /// <summary>Adds what arrived since the counters of the last look.</summary>
    /// <param name="before">The servers as they were then.</param>
    /// <param name="now">The servers as they are.</param>
    /// <param name="elapsedMs">Milliseconds in between.</param>
    /// <returns>Requests that arrived, and the server-milliseconds of work that they are.</returns>
    public static (double Arrivals, double Work) Measure(ImmutableDictionary<string, ServerLoad> before, IReadOnlyList<ServerLoad> now, long elapsedMs)
    {
        var fleetServiceTime = MeanServiceTime(now);
        double arrivals = 0, work = 0;
        foreach (var server in now)
        {
            var known = before.TryGetValue(server.Id, out var last) && last.Incarnation == server.Incarnation;
            var share = known ? 1 : ShareOfLife(server, elapsedMs);
            var completed = Math.Max(0, server.Completed - (known ? last.Completed : 0)) * share;
            var grown = (Line(server) - (known ? Line(last) : 0)) * share;
            var serviceTime = server.Completed >= EnoughCompleted ? server.ServiceTimeMs : fleetServiceTime;
            arrivals += Math.Max(0, completed + grown);
            work += Work(completed, grown, serviceTime, Math.Max(1, server.Concurrency), elapsedMs);
        }

        return (arrivals, work);
    }

    /// <summary>
    /// What was completed took no more time than there was, and the part of the first services that lay before: where fast work has just given way
    /// to slow work, the smoothed service time is that of the slow work, and must not be taken for all the fast work before it.
    /// </summary>
    private static double Work(double completed, double grown, double serviceTime, int concurrency, long elapsedMs)
    {
        var done = Math.Min(completed * serviceTime / concurrency, (OutOfStep * elapsedMs) + serviceTime);
        return Math.Max(0, done + (grown * serviceTime / concurrency));
    }

    /// <summary>The fleet's service time, in which a server counts by what it has completed: the first services say little.</summary>
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

    private static double Line(in ServerLoad server) => (double)server.Waiting + server.InService;

    /// <summary>
    /// Of a server seen for the first time: all that arrived there if it is new, its usual share if it is old (the controller is new).
    /// </summary>
    private static double ShareOfLife(in ServerLoad server, long elapsedMs) =>
        server.ReadyForMs <= elapsedMs ? 1 : (double)elapsedMs / server.ReadyForMs;
}
