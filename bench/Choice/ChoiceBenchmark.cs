using System.Diagnostics;
using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Choice;

/// <summary>
/// Measures what the choice of a server costs: a fleet with nine requests for ten servers in flight. One step chooses a server, tells the
/// policy of its longer queue, and lets the oldest request end, of which the policy is told, too.
/// </summary>
internal sealed class ChoiceBenchmark
{
    private const double LoadPerServer = 0.9;

    private readonly IBalancingPolicy _policy;
    private readonly Random _random = new(1);
    private readonly Candidate[] _servers;
    private readonly int[] _inFlight;
    private long _steps;

    public ChoiceBenchmark(string algorithm, int servers)
    {
        _policy = BalancingPolicies.Create(algorithm);
        _servers = [.. Enumerable.Range(0, servers).Select(slot => new Candidate(0, 0, 1, Slot: slot, Hash: StableHash.Of($"{slot}")))];
        _inFlight = new int[Math.Max(1, (int)(servers * LoadPerServer))];
        _inFlight.AsSpan().Fill(-1);
        foreach (var server in _servers)
            _policy.Set(server);
    }

    /// <summary>Lets queues and buffers reach their usual size, and the code be compiled.</summary>
    public void WarmUp() => Run(Math.Max(200_000, 20 * _servers.Length));

    /// <summary>Makes steps for a time.</summary>
    /// <returns>Nanoseconds and allocated bytes per step.</returns>
    public (double Nanoseconds, double Bytes) Measure(TimeSpan time)
    {
        const int few = 1000;
        var steps = 0L;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        do
        {
            Run(few);
            steps += few;
        }
        while (Stopwatch.GetElapsedTime(started) < time);

        return (Stopwatch.GetElapsedTime(started).TotalNanoseconds / steps, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / steps);
    }

    private void Run(int steps)
    {
        for (; steps > 0; steps--)
        {
            var nowMs = ++_steps / 1000.0;
            ref var oldest = ref _inFlight[_steps % _inFlight.Length];
            if (oldest >= 0)
            {
                Change(oldest, -1);
                _policy.Observe(new Observation(oldest, nowMs, 1, Failed: false, _servers[oldest].Load, _servers[oldest].Load));
            }

            oldest = _policy.Pick(new PickContext((ulong)_random.NextInt64(), nowMs, _random), default);
            Change(oldest, 1);
        }
    }

    private void Change(int slot, int by)
    {
        ref var server = ref _servers[slot];
        server = server with { Load = server.Load + by, InFlight = server.InFlight + by };
        _policy.Set(server);
    }
}
