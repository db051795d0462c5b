using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class WeightedLeastConnectionPolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.WeightedLeastConnection);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void Prefers_the_heavier_of_two_idle_servers() =>
        Assert.Equal(1, Pick(new(0, 0, 1, 1), new(0, 0, 1, 3)));

    [Fact]
    public void Counts_the_request_itself() =>
        Assert.Equal(0, Pick(new(0, 0, 1, 1), new(3, 0, 1, 3))); // 1/1 is less than 4/3.

    [Fact]
    public void Ignores_the_number_of_workers() =>
        Assert.Equal(0, Pick(new(4, 0, 1, 1), new(5, 0, 8, 1)));

    [Fact]
    public void Counts_connections_that_clients_hold_without_a_request() =>
        Assert.Equal(1, Pick(new Candidate(1, 0, 1) { RestingClients = 2 }, new(2, 0, 1)));

    [Fact]
    public void Gives_a_warming_server_less_weight() =>
        Assert.Equal(0, Pick(new(1, 0, 1, 4), new(0, 0, 1, 4, Ramp: 0.25f)));

    private int Pick(params Candidate[] candidates) => _policy.Pick(candidates, _context);
}
