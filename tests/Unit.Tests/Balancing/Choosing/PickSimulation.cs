using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

/// <summary>
/// Simulates the picks of one algorithm in one gateway that knows every queue. Each server has one worker whose speed is the server's
/// weight. Requests arrive at nine tenths of the capacity of all servers.
/// </summary>
internal sealed class PickSimulation(string algorithm, int[] weights)
{
    private const double Load = 0.9;

    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(algorithm);
    private readonly Random _random = new(3);

    /// <summary>Returns each server's share of the requests.</summary>
    public double[] Shares(int picks)
    {
        var servers = weights.Length;
        var departures = new Queue<(double At, double Took, int LoadThen)>[servers];
        var counts = new int[servers];
        var candidates = new Candidate[servers];
        for (var i = 0; i < servers; i++)
            departures[i] = [];

        var now = 0.0;
        var lastDeparture = new double[servers];
        for (var pick = 0; pick < picks; pick++)
        {
            now += -Math.Log(1 - _random.NextDouble()) / (Load * weights.Sum());
            for (var i = 0; i < servers; i++)
            {
                while (departures[i].TryPeek(out var done) && done.At <= now)
                {
                    departures[i].Dequeue();
                    _policy.Observe(new Observation(i, done.At, done.Took, Failed: false, done.LoadThen, departures[i].Count));
                }

                candidates[i] = new Candidate(departures[i].Count, departures[i].Count, 1, weights[i], Slot: i, Hash: StableHash.Of($"{i}"));
            }

            var chosen = _policy.Pick(candidates, new PickContext((ulong)_random.NextInt64(), now, _random));
            counts[chosen]++;
            lastDeparture[chosen] = Math.Max(now, lastDeparture[chosen]) - (Math.Log(1 - _random.NextDouble()) / weights[chosen]);
            departures[chosen].Enqueue((lastDeparture[chosen], lastDeparture[chosen] - now, departures[chosen].Count));
        }

        return [.. counts.Select(count => (double)count / picks)];
    }
}
