using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class WeightedLeastConnectionTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.WeightedLeastConnection);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void An_idle_heavy_server_comes_before_an_idle_light_one() =>
        Assert.Equal(1, Pick(new(0, 0, 1, 1), new(0, 0, 1, 3)));

    [Fact]
    public void The_request_itself_counts() =>
        Assert.Equal(0, Pick(new(0, 0, 1, 1), new(3, 0, 1, 3))); // 1/1 against 4/3

    [Fact]
    public void Workers_do_not_count() =>
        Assert.Equal(0, Pick(new(4, 0, 1, 1), new(5, 0, 8, 1)));

    [Fact]
    public void A_warming_server_weighs_less() =>
        Assert.Equal(0, Pick(new(1, 0, 1, 4), new(0, 0, 1, 4, Ramp: 0.25f)));

    private int Pick(params Candidate[] candidates) => _policy.Pick(candidates, _context);
}
