namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses a random server, in proportion to <c>weight · ramp</c>. Needs no information, so every other policy should perform better.
/// </summary>
internal sealed class RandomPolicy : IBalancingPolicy
{
    public string Name => BalancingPolicies.Random;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var sum = 0.0;
        foreach (ref readonly var candidate in candidates)
            sum += candidate.WarmWeight;

        var ticket = context.Random.NextDouble() * sum;
        for (var i = 0; i < candidates.Length - 1; i++)
        {
            ticket -= candidates[i].WarmWeight;
            if (ticket < 0)
                return i;
        }

        return candidates.Length - 1;
    }
}
