namespace Shortline.Balancing;

/// <summary>
/// The least <c>(load + 1) / (weight · ramp)</c>, where the load is what waits and what is in service, of all gateways: the shortest expected delay if weights
/// are speeds (<c>ip_vs_sed.c</c> of Linux Virtual Server). Without the 1 (<c>ip_vs_wlc.c</c>) all idle servers would tie, whatever their weight.
/// </summary>
/// <remarks>Workers do not count, other than in <see cref="ShortestQueuePolicy"/>: the weight is to say all there is. Ties are broken by chance.</remarks>
internal sealed class WeightedLeastConnectionPolicy : IBalancingPolicy
{
    public string Name => BalancingPolicies.WeightedLeastConnection;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var least = new LeastOf();
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            least.Offer(i, (candidate.Load + 1.0) / candidate.WarmWeight, candidate.WarmWeight, context.Random);
        }

        return least.Index;
    }
}
