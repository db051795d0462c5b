namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the server with the fewest requests per worker, waiting and in service, of all gateways: the smallest
/// <c>load / (concurrency · ramp)</c>. Dividing by the ramp keeps the queue of a server that warms up proportionally shorter.
/// </summary>
/// <remarks>
/// The ramp does not change the value of an empty queue, so it also decides ties: among tied servers, the choice is random in proportion to
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
            least.Consider(i, candidates[i].Load / capacity, capacity, context.Random);
        }

        return least.Index;
    }
}
