namespace Shortline.Balancing;

/// <summary>
/// The server with the fewest requests per worker, waiting and in service, of all gateways: <c>load / (concurrency · ramp)</c>. Dividing by the ramp
/// keeps the line of a server that warms up in proportion to the others' lines.
/// </summary>
/// <remarks>
/// An empty line stays empty whatever it is divided by, so the ramp also decides ties: each tied server gets its share in proportion to
/// <c>concurrency · ramp</c>.
/// </remarks>
internal sealed class ShortestQueuePolicy : IBalancingPolicy
{
    public string Name => BalancingPolicies.ShortestQueue;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var least = new LeastOf();
        for (var i = 0; i < candidates.Length; i++)
        {
            var capacity = (double)candidates[i].Concurrency * candidates[i].Ramp;
            least.Offer(i, candidates[i].Load / capacity, capacity, context.Random);
        }

        return least.Index;
    }
}
