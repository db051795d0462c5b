using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class PrequalPolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.Prequal);
    private readonly Random _random = new(1);

    [Fact]
    public void Picks_the_fastest_server_that_is_not_hot()
    {
        // Server 0 is the fastest, but hot: it has twice the load of the others.
        Candidate[] candidates = [.. Enumerable.Range(0, 10).Select(i => new Candidate(i == 0 ? 8 : 4, 2, 1, Slot: i))];
        for (var i = 0; i < 10; i++)
            _policy.Observe(new Observation(i, 0, 10 * (i + 1), Failed: false, LoadWhenSent: 4));

        var picks = Enumerable.Range(0, 1000).Select(_ => Pick(candidates)).Skip(100).ToList();

        Assert.DoesNotContain(0, picks);
        Assert.InRange(picks.Count(pick => pick == 1), 700, 900);
    }

    [Fact]
    public void Picks_the_least_loaded_server_if_all_are_hot()
    {
        // Each new server has a request in flight and is on trial, so none counts as cold.
        Candidate[] candidates = [new(5, 1, 1), new(2, 1, 1, Slot: 1), new(7, 1, 1, Slot: 2)];
        for (var i = 0; i < 50; i++)
            Pick(candidates);

        Assert.Equal(1, Pick(candidates));
    }

    [Fact]
    public void Forgets_a_probe_after_a_second()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 1000).Select(i => new Candidate(0, 0, 1, Slot: i))];
        for (var i = 0; i < 1000; i++)
            _policy.Observe(new Observation(i, 0, 100, Failed: false));
        var first = Pick(candidates);
        _policy.Observe(new Observation(first, 0, 0, Failed: false)); // It is the fastest server from now on.

        Assert.Equal(first, Pick(candidates, at: 900));
        Assert.NotEqual(first, Pick(candidates, at: 2000));
    }

    [Fact]
    public void A_fast_failure_does_not_count_as_a_short_response_time()
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
