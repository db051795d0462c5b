namespace Shortline.Balancing.Choosing;

/// <summary>
/// Of two random servers, chooses the one with fewer requests per worker, waiting and in service, of all gateways (M. Mitzenmacher, "The
/// power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001). However old the information is, no server gets more than
/// twice its share of the requests.
/// </summary>
internal sealed class PowerOfTwoChoicesPolicy : IBalancingPolicy
{
    public string Name => BalancingPolicies.PowerOfTwoChoices;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var (a, b) = TwoOf(candidates.Length, context.Random);
        return QueuePerWorker(candidates[b]) < QueuePerWorker(candidates[a]) ? b : a;
    }

    /// <summary>Returns two different random indices without a retry loop; the same index twice if <paramref name="count"/> is 1.</summary>
    public static (int First, int Second) TwoOf(int count, Random random)
    {
        var first = random.Next(count);
        if (count == 1)
            return (first, first);

        var second = random.Next(count - 1);
        return (first, second >= first ? second + 1 : second);
    }

    /// <summary>Requests per worker. Ties need no random choice, because the order of the two is random.</summary>
    private static double QueuePerWorker(in Candidate candidate) => candidate.Load / ((double)candidate.Concurrency * candidate.Ramp);
}
