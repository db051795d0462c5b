namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the server with the smallest <c>(load + 1) / (weight · ramp)</c>, where the load is the number of requests waiting and in
/// service, of all gateways. If weights are speeds, this is the shortest expected delay (<c>ip_vs_sed.c</c> of Linux Virtual Server).
/// Without the 1 (<c>ip_vs_wlc.c</c>), all idle servers would tie regardless of their weight.
/// </summary>
/// <remarks>
/// In contrast to <see cref="ShortestQueuePolicy"/>, the number of workers does not count, because the weight includes it. Ties are broken
/// at random.
/// </remarks>
internal sealed class WeightedLeastConnectionPolicy : IBalancingPolicy
{
    public string Name => BalancingPolicies.WeightedLeastConnection;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var least = new LeastOf();
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            least.Consider(i, (candidate.Load + 1.0) / candidate.WarmWeight, candidate.WarmWeight, context.Random);
        }

        return least.Index;
    }
}
