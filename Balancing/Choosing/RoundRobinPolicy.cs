namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses one server after the other, regardless of their load. A server that warms up is skipped with probability <c>1 − ramp</c>. The
/// first choice is random, so that several gateways are not in step.
/// </summary>
internal sealed class RoundRobinPolicy : IBalancingPolicy
{
    /// <summary>Servers that are skipped at most because they warm up, besides those that were tried.</summary>
    private const int MostSkipped = 64;

    private readonly AvailableServers _servers = new();
    private int _next = -1;

    public string Name => BalancingPolicies.RoundRobin;

    public void Set(in Candidate server) => _servers.Set(server);

    public void Exclude(int slot) => _servers.Exclude(slot);

    public void Forget(int slot) => _servers.Exclude(slot);

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        if (_servers.Count == 0)
            return -1;
        if (_next < 0)
            _next = context.Random.Next(_servers.Count);

        // If all servers warm up, every one may be skipped. Then the last one that was looked at gets the request.
        var pick = -1;
        var skipped = 0;
        for (var passed = 0; passed < _servers.Count && skipped <= MostSkipped; passed++)
        {
            _next = _next < _servers.Count ? _next : 0;
            var slot = _servers.At(_next++);
            if (tried.Contains(slot))
                continue;

            pick = slot;
            var ramp = _servers[slot].Ramp;
            if (ramp >= 1f || context.Random.NextDouble() < ramp)
                break;
            skipped++;
        }

        return pick;
    }
}
