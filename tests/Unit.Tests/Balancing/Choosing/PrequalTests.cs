using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class PrequalTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.Prequal);
    private readonly Random _random = new(1);

    [Fact]
    public void Of_those_that_are_not_hot_the_fastest_wins()
    {
        // One of ten servers is at twice the others' load; it is the fastest, and hot.
        Candidate[] candidates = [.. Enumerable.Range(0, 10).Select(i => new Candidate(i == 0 ? 8 : 4, 2, 1, Slot: i))];
        for (var i = 0; i < 10; i++)
            _policy.Observe(new Observation(i, 0, 10 * (i + 1), Failed: false, LoadWhenSent: 4));

        var picks = Enumerable.Range(0, 1000).Select(_ => Pick(candidates)).Skip(100).ToList();

        Assert.DoesNotContain(0, picks);
        Assert.InRange(picks.Count(pick => pick == 1), 700, 900);
    }

    [Fact]
    public void When_all_are_hot_the_least_load_wins()
    {
        // New servers that have a request out are on trial, so nobody counts as cold.
        Candidate[] candidates = [new(5, 1, 1), new(2, 1, 1, Slot: 1), new(7, 1, 1, Slot: 2)];
        for (var i = 0; i < 50; i++)
            Pick(candidates);

        Assert.Equal(1, Pick(candidates));
    }

    [Fact]
    public void Probes_are_forgotten_after_a_second()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 1000).Select(i => new Candidate(0, 0, 1, Slot: i))];
        for (var i = 0; i < 1000; i++)
            _policy.Observe(new Observation(i, 0, 100, Failed: false));
        var first = Pick(candidates);
        _policy.Observe(new Observation(first, 0, 0, Failed: false)); // the fastest of all from now on

        Assert.Equal(first, Pick(candidates, at: 900));
        Assert.NotEqual(first, Pick(candidates, at: 2000));
    }

    [Fact]
    public void A_failure_does_not_look_fast()
    {
        _policy.Observe(new Observation(0, 0, 500, Failed: false));
        _policy.Observe(new Observation(1, 0, 1, Failed: true));
        Candidate[] candidates = [new(0, 0, 1), new(0, 0, 1, Slot: 1)];
        for (var i = 0; i < 20; i++)
            Pick(candidates);

        Assert.Equal(0, Pick(candidates));
    }

    private int Pick(Candidate[] candidates, double at = 0) => _policy.Pick(candidates, new PickContext(0, at, _random));
}
