using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class RoundRobinPolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.RoundRobin);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void Picks_every_server_equally_often_regardless_of_its_queue()
    {
        Candidate[] candidates = [new(100, 0, 1), new(0, 0, 1), new(3, 0, 1)];
        var counts = new int[3];
        for (var i = 0; i < 30; i++)
            counts[_policy.Pick(candidates, _context)]++;

        Assert.Equal([10, 10, 10], counts);
    }

    [Fact]
    public void Picks_a_warming_server_in_proportion_to_its_ramp()
    {
        Candidate[] candidates = [new(0, 0, 1), new(0, 0, 1, Ramp: 0.25f), new(0, 0, 1)];
        var counts = new int[3];
        for (var i = 0; i < 9000; i++)
            counts[_policy.Pick(candidates, _context)]++;

        Assert.InRange(counts[1], 900, 1100);
        Assert.InRange(counts[0], 3700, 4400);
    }

    [Fact]
    public void Picks_a_valid_server_after_the_number_of_servers_shrinks()
    {
        Candidate[] five = [new(0, 0, 1), new(0, 0, 1), new(0, 0, 1), new(0, 0, 1), new(0, 0, 1)];
        for (var i = 0; i < 7; i++)
        {
            _policy.Pick(five, _context);
            Assert.InRange(_policy.Pick(five.AsSpan(0, 2), _context), 0, 1);
        }
    }

    [Fact]
    public void Different_gateways_start_at_different_servers()
    {
        Candidate[] candidates = [new(0, 0, 1), new(0, 0, 1), new(0, 0, 1), new(0, 0, 1)];
        var first = Enumerable.Range(0, 40).Select(_ => BalancingPolicies.Create(BalancingPolicies.RoundRobin).Pick(candidates, _context));

        Assert.Equal(4, first.Distinct().Count());
    }

    [Fact]
    public void Picks_a_warming_server_if_all_are_warming()
    {
        Candidate[] candidates = [new(0, 0, 1, Ramp: 0.1f), new(0, 0, 1, Ramp: 0.1f)];
        for (var i = 0; i < 100; i++)
            Assert.InRange(_policy.Pick(candidates, _context), 0, 1);
    }
}
