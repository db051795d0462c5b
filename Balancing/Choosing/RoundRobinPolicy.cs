namespace Shortline.Balancing;

/// <summary>
/// One server after the other; counts nothing. A server that warms up is passed over in <c>1 − ramp</c> of its turns. The first pick starts anywhere,
/// so that several gateways do not walk in step.
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
        // A full turn without a taker is possible when all warm up: then whoever is next takes it.
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
