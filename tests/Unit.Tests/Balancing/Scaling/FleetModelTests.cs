using Shortline.Balancing.Choosing;
using Shortline.Bench.Simulation.Model;

namespace Shortline.Unit.Tests.Balancing.Scaling;

/// <summary>
/// Simulates a whole fleet under each algorithm: 10 servers, load 0.9, exponential service times. Times are in service times.
/// </summary>
public sealed class FleetModelTests
{
    private static readonly string[] WithoutFeedback = [BalancingPolicies.Random, BalancingPolicies.RoundRobin, BalancingPolicies.WeightedRoundRobin];

    public static TheoryData<string> WithFeedback => [.. BalancingPolicies.Names.Except(WithoutFeedback)];

    [Theory]
    [MemberData(nameof(WithFeedback))]
    public void Algorithms_that_use_queues_or_times_beat_round_robin(string algorithm)
    {
        Assert.InRange(Run(new() { Algorithm = algorithm }).Mean, 1.8, 3.5);
        Assert.InRange(Run(new() { Algorithm = BalancingPolicies.RoundRobin }).Mean, 4.8, 6.6);
    }

    [Theory]
    [MemberData(nameof(WithFeedback))]
    public void Four_gateways_do_not_overload_the_same_server(string algorithm) =>
        Assert.InRange(Run(new() { Algorithm = algorithm, Gateways = 4 }).Mean, 1.8, 4.5);

    [Fact]
    public void Fifty_coordinated_gateways_are_as_good_as_a_few()
    {
        var result = Run(new() { Algorithm = BalancingPolicies.Coordinated, Gateways = 50 });
        Assert.InRange(result.Mean, 1.8, 3.1);
        Assert.InRange(result.Returned, 0.1, 0.25);
        Assert.InRange(Run(new() { Gateways = 50 }).Mean, 4.5, 6.5);
    }

    [Theory]
    [MemberData(nameof(WithFeedback))]
    public void A_server_of_half_speed_gets_fewer_requests_and_hardly_raises_the_mean_time(string algorithm)
    {
        var result = Run(new() { Algorithm = algorithm, Speeds = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5] });

        Assert.InRange(result.Mean, 1.8, 4.2);
        Assert.InRange(result.Shares[9], 0.02, 0.07);
    }

    [Theory]
    [InlineData(BalancingPolicies.WeightedRoundRobin)]
    [InlineData(BalancingPolicies.WeightedLeastConnection)]
    [InlineData(BalancingPolicies.WeightedResponseTime)]
    public void Weights_equal_to_speeds_give_shares_in_proportion(string algorithm)
    {
        var speeds = Enumerable.Range(1, 9);
        var result = Run(new() { Algorithm = algorithm, Speeds = [.. speeds.Select(speed => (double)speed)], Weights = [.. speeds] });

        Assert.All(result.Shares.Zip(speeds), pair => Assert.Equal(pair.Second / 45.0, pair.First, tolerance: 0.05));
    }

    [Fact]
    public void A_server_that_fails_every_request_gets_hardly_any()
    {
        var result = Run(new() { Load = 0.5, FailingServer = 3 });

        Assert.InRange(result.Failed, 0, 0.001); // Without ejection it would get most requests, because it is always idle.
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures()
    {
        var (one, two) = (Run(new() { Gateways = 3 }), Run(new() { Gateways = 3 }));

        Assert.Equal(one.Mean, two.Mean);
        Assert.Equal(one.Shares, two.Shares);
        Assert.NotEqual(one.Mean, Run(new() { Gateways = 3, Seed = 2 }).Mean);
    }

    private static FleetModelResult Run(FleetModelSettings settings) => FleetModel.Run(settings with { Requests = 100_000 });
}
