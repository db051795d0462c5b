using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class JoinIdleQueueTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.JoinIdleQueue);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void Idle_servers_are_taken_in_the_order_in_which_they_became_idle()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 4).Select(i => new Candidate(0, 0, 1, Slot: i))];
        foreach (var slot in (int[])[2, 0, 3])
            _policy.Observe(new Observation(slot, 0, 1, Failed: false, Load: 0));

        Assert.Equal([2, 0, 3], Enumerable.Range(0, 3).Select(_ => _policy.Pick(candidates, _context)));
    }

    [Fact]
    public void A_new_server_is_idle()
    {
        _policy.Added(1);

        Assert.Equal(1, _policy.Pick([new(0, 0, 1), new(0, 0, 1, Slot: 1), new(0, 0, 1, Slot: 2)], _context));
    }

    [Fact]
    public void Whoever_has_got_work_meanwhile_is_passed_over()
    {
        _policy.Observe(new Observation(0, 0, 1, Failed: false, Load: 0));
        _policy.Observe(new Observation(1, 0, 1, Failed: false, Load: 0));

        Assert.Equal(1, _policy.Pick([new(2, 0, 1), new(0, 0, 1, Slot: 1), new(0, 0, 1, Slot: 2)], _context));
    }

    [Fact]
    public void When_nobody_is_idle_the_shorter_of_two_lines_is_taken()
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(1, _policy.Pick([new(9, 0, 1), new(3, 0, 1, Slot: 1)], _context));
    }

    [Fact]
    public void Being_told_twice_that_a_server_is_idle_lists_it_once()
    {
        for (var i = 0; i < 2; i++)
            _policy.Observe(new Observation(0, 0, 1, Failed: false, Load: 0));
        Candidate[] candidates = [new(0, 0, 1), new(0, 0, 1, Slot: 1)];
        Assert.Equal(0, _policy.Pick(candidates, _context));

        Assert.Equal(2, Enumerable.Range(0, 100).Select(_ => _policy.Pick(candidates, _context)).Distinct().Count());
    }
}
