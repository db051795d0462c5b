using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class JoinIdleQueuePolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.JoinIdleQueue);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void Picks_idle_servers_in_the_order_in_which_they_became_idle()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 4).Select(i => new Candidate(0, 0, 1, Slot: i))];
        EmptyList(candidates);
        foreach (var slot in (int[])[2, 0, 3])
            _policy.Observe(new Observation(slot, 0, 1, Failed: false, Load: 0));

        Assert.Equal([2, 0, 3], Enumerable.Range(0, 3).Select(_ => _policy.Pick(candidates, _context)));
    }

    [Fact]
    public void Counts_a_new_server_as_idle()
    {
        EmptyList([new(0, 0, 1), new(0, 0, 1, Slot: 2)]);

        Assert.Equal(1, _policy.Pick([new(0, 0, 1), new(0, 0, 1, Slot: 1), new(0, 0, 1, Slot: 2)], _context));
    }

    [Fact]
    public void Skips_a_listed_server_that_has_work_again()
    {
        Candidate[] candidates = [new(2, 0, 1), new(0, 0, 1, Slot: 1), new(0, 0, 1, Slot: 2)];
        EmptyList(candidates);
        _policy.Observe(new Observation(0, 0, 1, Failed: false, Load: 0));
        _policy.Observe(new Observation(1, 0, 1, Failed: false, Load: 0));

        Assert.Equal(1, _policy.Pick(candidates, _context));
    }

    [Fact]
    public void Picks_the_shorter_of_two_queues_if_no_server_is_idle()
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(1, _policy.Pick([new(9, 0, 1), new(3, 0, 1, Slot: 1)], _context));
    }

    [Fact]
    public void Lists_an_idle_server_once()
    {
        Candidate[] candidates = [new(0, 0, 1), new(0, 0, 1, Slot: 1)];
        EmptyList(candidates);
        for (var i = 0; i < 2; i++)
            _policy.Observe(new Observation(0, 0, 1, Failed: false, Load: 0));
        Assert.Equal(0, _policy.Pick(candidates, _context));

        Assert.Equal(2, Enumerable.Range(0, 100).Select(_ => _policy.Pick(candidates, _context)).Distinct().Count());
    }

    /// <summary>Picks each server once, because new ones are listed.</summary>
    private void EmptyList(Candidate[] candidates)
    {
        foreach (var _ in candidates)
            _policy.Pick(candidates, _context);
    }
}
