namespace Shortline.Balancing;

/// <summary>
/// Two servers by chance, and of these the one with the fewest requests per worker, waiting and in service, of all gateways (M. Mitzenmacher, "The power of
/// two choices in randomized load balancing", IEEE TPDS 12(10), 2001). It never asks for the shortest of all, so however old the information is, no
/// server gets more than two shares of the requests.
/// </summary>
internal sealed class PowerOfTwoChoicesPolicy : IBalancingPolicy
{
    public string Name => BalancingPolicies.PowerOfTwoChoices;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var (a, b) = TwoOf(candidates.Length, context.Random);
        return Line(candidates[b]) < Line(candidates[a]) ? b : a;
    }

    /// <summary>Two different indices in any order, without a loop that tries again; twice the same if there is only one.</summary>
    public static (int First, int Second) TwoOf(int count, Random random)
    {
        var first = random.Next(count);
        if (count == 1)
            return (first, first);

        var second = random.Next(count - 1);
        return (first, second >= first ? second + 1 : second);
    }

    /// <summary>The smaller, the better. The first of two equal ones was chosen by chance already.</summary>
    private static double Line(in Candidate candidate) => candidate.Load / ((double)candidate.Concurrency * candidate.Ramp);
}
