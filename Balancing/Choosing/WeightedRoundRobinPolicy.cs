namespace Shortline.Balancing;

/// <summary>
/// Smooth weighted round robin, as in nginx (<c>ngx_http_upstream_round_robin.c</c>): a server has its turn in proportion to its weight, and the turns of a
/// heavy one are spread out instead of following one another. Counts its own picks and failures, not queues.
/// </summary>
/// <remarks>
/// Each pick adds every server's effective weight to its current one, takes the largest, and subtracts the sum of all effective weights from it. The
/// effective weight is the weight, less <c>weight / 5</c> for each failure, down to 0; it comes back by 1 a pick.
/// </remarks>
internal sealed class WeightedRoundRobinPolicy : IBalancingPolicy
{
    /// <summary>As many failures in a row as eject a server take all of its weight.</summary>
    private const double MaxFails = 5;

    private readonly SlotTable<Turn> _turns = new();

    public string Name => BalancingPolicies.WeightedRoundRobin;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var (best, most, sum) = (0, double.MinValue, 0.0);
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            ref var turn = ref _turns[candidate.Slot];
            if (!turn.Begun)
            {
                // Anywhere within a turn, so that several gateways do not walk in step.
                (turn.Begun, turn.Current) = (true, context.Random.NextDouble() * candidate.WarmWeight);
            }

            turn.Weight = candidate.Weight;
            var effective = Math.Max(0, candidate.WarmWeight - turn.Lost);
            turn.Lost = Math.Max(0, turn.Lost - 1);
            turn.Current += effective;
            sum += effective;
            if (turn.Current > most)
                (best, most) = (i, turn.Current);
        }

        _turns[candidates[best].Slot].Current -= sum;
        return best;
    }

    public void Observe(in Observation observation)
    {
        ref var turn = ref _turns[observation.Slot];
        if (observation.Failed)
            turn.Lost = Math.Min(turn.Weight, turn.Lost + (turn.Weight / MaxFails));
    }

    public void Removed(int slot) => _turns[slot] = default;

    private struct Turn
    {
        public bool Begun;
        public double Current;
        public double Lost;
        public int Weight;
    }
}
