using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class WeightedRoundRobinTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.WeightedRoundRobin);
    private readonly PickContext _context = new(0, 0, new NoChance());

    /// <summary>The example in the commit that brought the algorithm to nginx (52327e0627f4): weights 5, 1, 1.</summary>
    [Fact]
    public void The_turns_of_a_heavy_server_are_spread_out()
    {
        Candidate[] candidates = [new(0, 0, 1, 5), new(0, 0, 1, 1, Slot: 1), new(0, 0, 1, 1, Slot: 2)];

        Assert.Equal("aabacaa", Picks(candidates, 7));
        Assert.Equal("aabacaa", Picks(candidates, 7));
    }

    [Fact]
    public void A_server_that_fails_gets_less_and_recovers()
    {
        Candidate[] candidates = [new(0, 0, 1, 5), new(0, 0, 1, 5, Slot: 1)];
        Picks(candidates, 10);
        for (var i = 0; i < 5; i++)
            _policy.Observe(new Observation(1, 0, 1, Failed: true));

        // It has lost all its weight, and gets back 1 a pick.
        var next = Picks(candidates, 108);
        Assert.Equal(3, next[..8].Count(pick => pick == 'b'));
        Assert.Equal(50, next[8..].Count(pick => pick == 'b'));
    }

    [Fact]
    public void A_warming_server_has_its_ramp_of_its_turns()
    {
        Candidate[] candidates = [new(0, 0, 1, 2), new(0, 0, 1, 2, Ramp: 0.25f, Slot: 1)];

        Assert.Equal(20, Picks(candidates, 100).Count(pick => pick == 'b'));
    }

    [Fact]
    public void A_server_that_comes_into_the_slot_of_one_that_went_starts_anew()
    {
        Candidate[] candidates = [new(0, 0, 1, 3), new(0, 0, 1, 1, Slot: 1)];
        Picks(candidates, 3);
        _policy.Removed(0);
        _policy.Removed(1);

        Assert.Equal("aaba", Picks(candidates, 4));
    }

    private string Picks(Candidate[] candidates, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)('a' + _policy.Pick(candidates, _context))));
}
