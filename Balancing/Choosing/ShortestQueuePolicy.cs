namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the server with the fewest requests per worker, waiting and in service, of all gateways: the smallest
/// <c>load / (concurrency · ramp)</c>. Dividing by the ramp keeps the queue of a server that warms up proportionally shorter.
/// </summary>
/// <remarks>
/// The ramp does not change the value of an empty queue, so it also decides ties: among tied servers, the choice is random in proportion to
/// <c>concurrency · ramp</c>. Local servers win ties, because they are reached without a message.
/// </remarks>
internal sealed class ShortestQueuePolicy : IBalancingPolicy
{
    private readonly LeastFirst _order = new();

    public string Name => BalancingPolicies.ShortestQueue;

    public void Set(in Candidate server) => _order.Set(server.Slot, server.Load / server.Capacity, server.Capacity, server.IsLocal);

    public void Exclude(int slot) => _order.Remove(slot);

    public void Forget(int slot) => _order.Remove(slot);

    public int Pick(in PickContext context, ReadOnlySpan<int> tried) => _order.Least(context.Random, tried);
}
