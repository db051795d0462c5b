using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class PowerOfTwoChoicesTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.PowerOfTwoChoices);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void The_longest_line_is_never_taken_and_the_shortest_gets_two_shares()
    {
        Candidate[] candidates = [new(9, 0, 1), new(1, 0, 1), new(5, 0, 1), new(3, 0, 1)];
        var counts = new int[4];
        for (var i = 0; i < 60_000; i++)
            counts[_policy.Pick(candidates, _context)]++;

        // Of 6 pairs each server wins those with longer lines: 0, 3, 1, 2.
        Assert.Equal(0, counts[0]);
        Assert.InRange(counts[1], 29_000, 31_000);
        Assert.InRange(counts[2], 9_300, 10_700);
        Assert.InRange(counts[3], 19_200, 20_800);
    }

    [Fact]
    public void Lines_are_per_worker() =>
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(0, _policy.Pick([new(6, 0, 4), new(2, 0, 1)], _context)));
}
