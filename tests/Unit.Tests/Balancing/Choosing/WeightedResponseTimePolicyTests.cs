using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class WeightedResponseTimePolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.WeightedResponseTime);
    private readonly Random _random = new(1);

    /// <summary>
    /// NetScaler's example of the least response time method: three servers have 3, 7 and 0 active requests and response times of 2, 1 and
    /// 2 s. The third server gets requests 1 to 3. Then it ties with the first one and, because this policy counts the request itself, with
    /// the second one.
    /// </summary>
    [Fact]
    public void Picks_as_in_the_example_of_NetScaler()
    {
        Answer(0, 2000);
        Answer(1, 1000);
        Answer(2, 2000);
        for (var taken = 0; taken < 3; taken++)
            Assert.Equal(2, Pick(new(0, 3, 1), new(0, 7, 1, Slot: 1), new(0, taken, 1, Slot: 2)));

        var next = Enumerable.Range(0, 100).Select(_ => Pick(new(0, 3, 1), new(0, 7, 1, Slot: 1), new(0, 3, 1, Slot: 2))).Distinct();
        Assert.Equal([0, 1, 2], next.Order());
    }

    [Fact]
    public void Ignores_differences_below_one_step()
    {
        Answer(0, 1);
        Answer(1, 19);

        Assert.Equal(1, Pick(new(0, 1, 1), new(0, 0, 1, Slot: 1)));
    }

    [Fact]
    public void A_larger_weight_compensates_a_longer_response_time()
    {
        Answer(0, 100);
        Answer(1, 200);

        Assert.Equal(1, Pick(new(0, 0, 1, 1), new(0, 0, 1, 3, Slot: 1)));
        Assert.Equal(0, Pick(new(0, 0, 1, 2), new(0, 0, 1, 3, Slot: 1)));
    }

    [Fact]
    public void Each_response_moves_the_average_by_a_twentieth()
    {
        Answer(0, 100);
        Answer(0, 1000); // The average is 145 ms.
        Answer(1, 150);
        Answer(2, 170);

        Assert.Equal([0, 1], Enumerable.Range(0, 100).Select(_ => Pick(new(0, 0, 1), new(0, 0, 1, Slot: 1), new(0, 0, 1, Slot: 2))).Distinct().Order());
    }

    [Fact]
    public void Silence_counts_as_a_long_response_time()
    {
        Answer(0, 10);
        Answer(1, 100);
        Pick(new(0, 0, 1), new(0, 5, 1, Slot: 1)); // Server 0 has work from now on.

        Assert.Equal(0, PickAt(60, new(0, 1, 1), new(0, 1, 1, Slot: 1)));
        Answer(1, 100, at: 450);
        Assert.Equal(1, PickAt(500, new(0, 1, 1), new(0, 1, 1, Slot: 1)));
    }

    [Fact]
    public void The_average_of_a_slow_server_without_requests_decays()
    {
        Answer(0, 100);
        Answer(1, 1000);
        Assert.Equal(0, PickAt(9_000, new(0, 0, 1), new(0, 0, 1, Slot: 1)));
        Answer(0, 100, at: 40_000);

        Assert.Equal(1, PickAt(40_000, new(0, 0, 1), new(0, 0, 1, Slot: 1))); // Its average has decayed to 62.5 ms.
    }

    [Fact]
    public void A_fast_failure_does_not_count_as_a_short_response_time()
    {
        Answer(0, 500);
        _policy.Observe(new Observation(1, 0, 1, Failed: true));

        Assert.Equal(0, Pick(new(0, 0, 1), new(0, 0, 1, Slot: 1)));
    }

    private void Answer(int slot, double ms, double at = 0) => _policy.Observe(new Observation(slot, at, ms, Failed: false));

    private int Pick(params Candidate[] candidates) => PickAt(0, candidates);

    private int PickAt(double now, params Candidate[] candidates) => _policy.Pick(candidates, new PickContext(0, now, _random));
}
