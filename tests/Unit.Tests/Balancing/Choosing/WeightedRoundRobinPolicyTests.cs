using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class WeightedRoundRobinPolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.WeightedRoundRobin);
    private readonly PickContext _context = new(0, 0, new ZeroRandom());

    [Fact]
    public void Spreads_the_picks_of_a_heavy_server()
    {
        Candidate[] candidates = [new(0, 0, 1, 5), new(0, 0, 1, 5, Slot: 1), new(0, 0, 1, 1, Slot: 2)];

        var picks = string.Concat(Enumerable.Repeat(Picks(candidates, 11), 2));
        Assert.Equal((5, 5, 1), (picks[..11].Count(pick => pick == 'a'), picks[..11].Count(pick => pick == 'b'), picks[..11].Count(pick => pick == 'c')));
        Assert.DoesNotContain("aaa", picks, StringComparison.Ordinal);
        Assert.DoesNotContain("bbb", picks, StringComparison.Ordinal);
    }

    [Fact]
    public void Picks_a_failing_server_less_often_until_it_recovers()
    {
        Candidate[] candidates = [new(0, 0, 1, 5), new(0, 0, 1, 5, Slot: 1)];
        Picks(candidates, 10);
        for (var i = 0; i < 5; i++)
            _policy.Observe(new Observation(1, 0, 1, Failed: true));

        // It has lost one turn.
        var next = Picks(candidates, 109);
        Assert.InRange(next[..9].Count(pick => pick == 'b'), 3, 4);
        Assert.Equal(50, next[9..].Count(pick => pick == 'b'));
    }

    [Fact]
    public void Picks_a_warming_server_in_proportion_to_its_ramp()
    {
        Candidate[] candidates = [new(0, 0, 1, 2), new(0, 0, 1, 2, Ramp: 0.25f, Slot: 1)];

        Assert.Equal(20, Picks(candidates, 100).Count(pick => pick == 'b'));
    }

    [Fact]
    public void A_new_server_in_a_reused_slot_starts_afresh()
    {
        Candidate[] candidates = [new(0, 0, 1, 3), new(0, 0, 1, 1, Slot: 1)];
        Picks(candidates, 400);
        _policy.Forget(0);
        _policy.Forget(1);

        Assert.Equal(3, Picks(candidates, 4).Count(pick => pick == 'a'));
    }

    private string Picks(Candidate[] candidates, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)('a' + _policy.Pick(candidates, _context))));
}
