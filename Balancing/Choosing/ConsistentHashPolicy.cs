namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the same server for the same client, unless its load is much higher than that of the others: consistent hashing
/// (<see cref="HashRing"/>) with bounded loads (V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads", 2016;
/// HAProxy's <c>hash-balance-factor 125</c>). For handlers that keep state of their clients.
/// </summary>
/// <remarks>
/// A client belongs to the server of the next point on the ring whose load is below 1.25 times its share of the total load. If a server is
/// added or removed, only its own clients move. All gateways agree without communication. A server that warms up has fewer clients because
/// its share of the load is smaller.
/// </remarks>
internal sealed class ConsistentHashPolicy : IBalancingPolicy
{
    private const double MostOverShare = 1.25;

    /// <summary>
    /// Points that one choice looks at, at most. A fifth of the servers or more is below its bound, so about five are usual.
    /// </summary>
    private const int MostPoints = 4096;

    private readonly AvailableServers _servers = new();
    private readonly SlotTable<(ulong Hash, int Weight)> _onRing = new();
    private readonly HashRing _ring = new();
    private double _load;
    private double _weight;

    public string Name => BalancingPolicies.ConsistentHash;

    public void Set(in Candidate server)
    {
        Discount(server.Slot);
        _servers.Set(server);
        _load += server.Load;
        _weight += server.WarmWeight;
        ref var points = ref _onRing[server.Slot];
        if (points == (server.Hash, server.Weight))
            return;

        if (points.Weight > 0)
            _ring.Remove(server.Slot);
        points = (server.Hash, server.Weight);
        _ring.Add(server.Slot, server.Hash, server.Weight);
    }

    public void Exclude(int slot)
    {
        // Its points stay, because it usually comes back soon.
        Discount(slot);
        _servers.Exclude(slot);
    }

    public void Forget(int slot)
    {
        Exclude(slot);
        if (_onRing[slot].Weight > 0)
            _ring.Remove(slot);
        _onRing[slot] = default;
    }

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        if (_servers.Count == 0)
            return -1;

        var position = _ring.Find(context.Key);
        for (var left = Math.Min(_ring.Count, MostPoints); left > 0; left--)
        {
            var slot = _ring.SlotAt(position);
            if (_servers.Has(slot) && IsBelowBound(_servers[slot]) && !tried.Contains(slot))
                return slot;
            position = position + 1 < _ring.Count ? position + 1 : 0;
        }

        return _servers.Random(context.Random, tried);
    }

    /// <summary>The bounds of all servers add up to more than their load, the request itself included.</summary>
    private bool IsBelowBound(in Candidate server) => server.Load < Math.Ceiling(MostOverShare * (_load + 1) * server.WarmWeight / _weight);

    private void Discount(int slot)
    {
        if (!_servers.Has(slot))
            return;
        _load -= _servers[slot].Load;
        _weight -= _servers[slot].WarmWeight;
    }
}
