namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses one server after the other, regardless of their load. A server that warms up is skipped with probability <c>1 − ramp</c>. The
/// first choice is random, so that several gateways are not in step.
/// </summary>
internal sealed class RoundRobinPolicy : IBalancingPolicy
{
    private int _next = -1;

    public string Name => BalancingPolicies.RoundRobin;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        if (_next < 0)
            _next = context.Random.Next(candidates.Length);

        var pick = _next % candidates.Length;
        // If all servers warm up, every one may be skipped. Then the next server gets the request.
        for (var passed = 0; passed < candidates.Length; passed++)
        {
            var ramp = candidates[pick].Ramp;
            if (ramp >= 1f || context.Random.NextDouble() < ramp)
                break;
            pick = Following(pick, candidates.Length);
        }

        _next = Following(pick, candidates.Length);
        return pick;
    }

    private static int Following(int index, int count) => index + 1 < count ? index + 1 : 0;
}
