namespace Shortline.Balancing.Choosing;

/// <summary>
/// Of two random servers, chooses the one with fewer requests per worker, waiting and in service, of all gateways (M. Mitzenmacher, "The
/// power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001). However old the information is, no server gets more than
/// twice its share of the requests.
/// </summary>
internal sealed class PowerOfTwoChoicesPolicy : IBalancingPolicy
{
    private readonly AvailableServers _servers = new();

    public string Name => BalancingPolicies.PowerOfTwoChoices;

    public void Set(in Candidate server) => _servers.Set(server);

    public void Exclude(int slot) => _servers.Exclude(slot);

    public void Forget(int slot) => _servers.Exclude(slot);

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        var (a, b) = _servers.TwoRandom(context.Random, tried);

        // Ties need no random choice, because the order of the two is random.
        return a == b || QueuePerWorker(a) <= QueuePerWorker(b) ? a : b;
    }

    private double QueuePerWorker(int slot) => _servers[slot].Load / _servers[slot].Capacity;
}
