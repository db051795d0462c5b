using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class PeakEwmaPolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.PeakEwma);
    private readonly Random _random = new(1);

    [Fact]
    public void A_peak_of_the_response_time_counts_at_once_and_decays_slowly()
    {
        Answer(0, 50);
        Answer(1, 10);
        Answer(1, 100);
        Assert.Equal(0, Pick(at: 0));

        Answer(1, 10, at: 5_000);
        Assert.Equal(0, Pick(at: 5_000)); // Server 1 is at 64.6 ms, server 0 at 50 · e^−0.5 = 30.3 ms.
        Answer(0, 50, at: 30_000);
        Answer(1, 10, at: 30_000);
        Assert.Equal(1, Pick(at: 30_000));
    }

    [Fact]
    public void Requests_in_flight_multiply_the_response_time()
    {
        Answer(0, 10);
        Answer(1, 25);

        Assert.Equal(1, Pick(at: 0, new(0, 2, 1), new(0, 0, 1, Slot: 1)));
        Assert.Equal(0, Pick(at: 0, new(0, 1, 1), new(0, 0, 1, Slot: 1)));
    }

    [Fact]
    public void A_new_server_is_not_preferred_to_a_fast_one()
    {
        Answer(0, 10);

        Assert.Equal(0, Pick(at: 0));
    }

    [Fact]
    public void A_new_server_gets_one_request_until_it_answers()
    {
        Answer(0, 1000);

        Assert.Equal(1, Pick(at: 0));
        Assert.Equal(0, Pick(at: 0, new(0, 100, 1), new(0, 1, 1, Slot: 1)));
    }

    [Fact]
    public void A_fast_failure_does_not_count_as_a_short_response_time()
    {
        Answer(0, 500);
        _policy.Observe(new Observation(1, 0, 1, Failed: true));

        Assert.Equal(0, Pick(at: 0));
    }

    private void Answer(int slot, double ms, double at = 0) => _policy.Observe(new Observation(slot, at, ms, Failed: false));

    private int Pick(double at) => Pick(at, new(0, 0, 1), new(0, 0, 1, Slot: 1));

    private int Pick(double at, params Candidate[] candidates) => _policy.Pick(candidates, new PickContext(0, at, _random));
}
