namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses a random server, in proportion to <c>weight · ramp</c>. Needs no information, so every other policy should perform better.
/// </summary>
internal sealed class RandomPolicy : IBalancingPolicy
{
    /// <summary>Draws before the weights are ignored, which happens only if the servers that were tried have nearly all the weight.</summary>
    private const int Draws = 32;

    private readonly AvailableServers _servers = new();
    private readonly WeightTree _weights = new();

    public string Name => BalancingPolicies.Random;

    public void Set(in Candidate server)
    {
        _servers.Set(server);
        _weights.Set(server.Slot, server.WarmWeight);
    }

    public void Exclude(int slot)
    {
        if (_servers.Exclude(slot))
            _weights.Set(slot, 0);
    }

    public void Forget(int slot) => Exclude(slot);

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        for (var draw = 0; draw < Draws; draw++)
        {
            var slot = _weights.Random(context.Random);
            if (_servers.Has(slot) && !tried.Contains(slot))
                return slot;
        }

        return _servers.Random(context.Random, tried);
    }
}
