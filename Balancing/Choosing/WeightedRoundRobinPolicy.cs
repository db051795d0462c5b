namespace Shortline.Balancing.Choosing;

/// <summary>
/// Smooth weighted round robin, as in nginx (<c>ngx_http_upstream_round_robin.c</c>): chooses servers in proportion to their weights and
/// spreads the choices of a server with a large weight evenly. It uses its own choices and failures, not queues.
/// </summary>
/// <remarks>
/// Each choice adds the effective weight of every server to its current weight, takes the server with the largest current weight, and
/// subtracts the sum of all effective weights from it. The effective weight is the weight minus <c>weight / 5</c> per failure, at least 0.
/// It recovers by 1 per choice.
/// </remarks>
internal sealed class WeightedRoundRobinPolicy : IBalancingPolicy
{
    /// <summary>The number of failures that reduce the effective weight to 0; also the default for ejection.</summary>
    private const double MaxFails = 5;

    private readonly SlotTable<Entry> _entries = new();

    public string Name => BalancingPolicies.WeightedRoundRobin;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var (best, most, sum) = (0, double.MinValue, 0.0);
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            ref var entry = ref _entries[candidate.Slot];
            if (!entry.Begun)
            {
                // A random start, so that several gateways are not in step.
                (entry.Begun, entry.Current) = (true, context.Random.NextDouble() * candidate.WarmWeight);
            }

            entry.Weight = candidate.Weight;
            var effective = Math.Max(0, candidate.WarmWeight - entry.Lost);
            entry.Lost = Math.Max(0, entry.Lost - 1);
            entry.Current += effective;
            sum += effective;
            if (entry.Current > most)
                (best, most) = (i, entry.Current);
        }

        _entries[candidates[best].Slot].Current -= sum;
        return best;
    }

    public void Observe(in Observation observation)
    {
        ref var entry = ref _entries[observation.Slot];
        if (observation.Failed)
            entry.Lost = Math.Min(entry.Weight, entry.Lost + (entry.Weight / MaxFails));
    }

    public void Removed(int slot) => _entries[slot] = default;

    private struct Entry
    {
        public bool Begun;
        public double Current;
        public double Lost;
        public int Weight;
    }
}
