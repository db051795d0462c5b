namespace Shortline.Balancing;

/// <summary>
/// The server with the fewest requests per worker, waiting and in service: <c>load / (concurrency · ramp)</c>. Dividing by the ramp
/// keeps the line of a server that warms up in proportion to the others' lines.
/// </summary>
/// <remarks>
/// <para>
/// An empty line stays empty whatever it is divided by, so the ramp also decides ties (each tied server gets its share in
/// proportion to <c>concurrency · ramp</c>) and caps what a warming server may hold, see <see cref="SlowStart.Cap"/>. A server over its
/// cap is taken only if all are.
/// </para>
/// <para>
/// Ties are broken by chance in the same pass (weighted reservoir sampling, Chao 1982): gateways that see the same ranking must not
/// all run to the same server.
/// </para>
/// </remarks>
internal sealed class ShortestQueuePolicy : IBalancingPolicy
{
    /// <summary>Longer than any real line, and small enough that a double still tells two lines beyond it apart.</summary>
    private const double OverCap = 1e10;

    public string Name => BalancingPolicies.ShortestQueue;

    public int Pick(ReadOnlySpan<Candidate> candidates, ulong key, Random random)
    {
        var best = 0;
        var shortest = double.MaxValue;
        var tied = 0.0;
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            var capacity = (double)candidate.Concurrency * candidate.Ramp;
            var line = candidate.Load / capacity;
            if (candidate.Ramp < 1f && candidate.Load >= SlowStart.Cap(candidate.Ramp, candidate.Concurrency))
                line += OverCap;

            if (line < shortest)
            {
                shortest = line;
                best = i;
                tied = capacity;
            }
            else if (line == shortest)
            {
                tied += capacity;
                if (random.NextDouble() * tied < capacity)
                    best = i;
            }
        }

        return best;
    }
}
