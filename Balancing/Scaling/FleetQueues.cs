using System.Collections.Immutable;

namespace Shortline.Balancing.Scaling;

/// <summary>The queues of all ready servers together.</summary>
/// <param name="Load">The number of requests waiting and in service.</param>
/// <param name="Waiting">The number of waiting requests.</param>
/// <param name="Crowding">The mean number of waiting requests per server.</param>
/// <param name="Concurrency">The mean number of workers per server.</param>
/// <param name="Counters">The servers by id.</param>
internal readonly record struct FleetQueues(
    double Load, double Waiting, double Crowding, double Concurrency, ImmutableDictionary<string, ServerLoad> Counters)
{
    public static FleetQueues Of(IReadOnlyList<ServerLoad> ready)
    {
        double waiting = 0, inService = 0, workers = 0;
        var counters = ImmutableDictionary.CreateBuilder<string, ServerLoad>(StringComparer.Ordinal);
        foreach (var server in ready)
        {
            waiting += server.Waiting;
            inService += server.InService;
            workers += server.Concurrency;
            counters[server.Id] = server;
        }

        var count = Math.Max(1, ready.Count);
        return new(waiting + inService, waiting, waiting / count, Math.Max(1, workers / count), counters.ToImmutable());
    }
}
