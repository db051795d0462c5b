namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the server with the smallest <c>(connections + 1) / (weight · ramp)</c>, where the connections are the requests waiting and in
/// service, of all gateways, and the clients that hold a connection to the server itself without a request. If weights are speeds, this is
/// the shortest expected delay (<c>ip_vs_sed.c</c> of Linux Virtual Server). Without the 1 (<c>ip_vs_wlc.c</c>), all idle servers would tie
/// regardless of their weight.
/// </summary>
/// <remarks>
/// In contrast to <see cref="ShortestQueuePolicy"/>, the number of workers does not count, because the weight includes it. Ties are broken
/// as there.
/// </remarks>
internal sealed class WeightedLeastConnectionPolicy : IBalancingPolicy
{
    private readonly LeastFirst _order = new();

    public string Name => BalancingPolicies.WeightedLeastConnection;

    public void Set(in Candidate server) =>
        _order.Set(server.Slot, (server.Load + server.RestingClients + 1.0) / server.WarmWeight, server.WarmWeight, server.IsLocal);

    public void Exclude(int slot) => _order.Remove(slot);

    public void Forget(int slot) => _order.Remove(slot);

    public int Pick(in PickContext context, ReadOnlySpan<int> tried) => _order.Least(context.Random, tried);
}
