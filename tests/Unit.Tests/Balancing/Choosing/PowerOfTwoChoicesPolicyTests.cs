using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class PowerOfTwoChoicesPolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.PowerOfTwoChoices);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void Never_picks_the_longest_queue_and_picks_the_shortest_in_half_of_the_pairs()
    {
        Candidate[] candidates = [new(9, 0, 1), new(1, 0, 1), new(5, 0, 1), new(3, 0, 1)];
        var counts = new int[4];
        for (var i = 0; i < 60_000; i++)
            counts[_policy.Pick(candidates, _context)]++;

        // Of the 6 pairs each server wins those in which the other queue is longer: 0, 3, 1 and 2.
        Assert.Equal(0, counts[0]);
        Assert.InRange(counts[1], 29_000, 31_000);
        Assert.InRange(counts[2], 9_300, 10_700);
        Assert.InRange(counts[3], 19_200, 20_800);
    }

    [Fact]
    public void Compares_queue_lengths_per_worker() =>
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(0, _policy.Pick([new(6, 0, 4), new(2, 0, 1)], _context)));
}
