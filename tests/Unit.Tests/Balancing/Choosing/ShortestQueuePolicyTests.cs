using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class ShortestQueuePolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.ShortestQueue);
    private readonly PickContext _context = new(0, 0, new Random(1));

    [Fact]
    public void Picks_the_server_with_the_fewest_requests() =>
        Assert.Equal(1, Pick([new(3, 0, 1), new(1, 0, 1), new(2, 0, 1)]));

    [Fact]
    public void Compares_requests_per_worker() =>
        Assert.Equal(1, Pick([new(3, 0, 1), new(8, 0, 4), new(5, 0, 2)]));

    [Fact]
    public void Breaks_ties_evenly()
    {
        var shares = Shares([new(2, 0, 1), new(7, 0, 1), new(2, 0, 1), new(2, 0, 1)]);

        Assert.Equal(0, shares[1]);
        foreach (var tied in (int[])[0, 2, 3])
            Assert.InRange(shares[tied], 0.30, 0.37);
    }

    [Fact]
    public void Picks_among_idle_servers_in_proportion_to_their_workers()
    {
        var shares = Shares([new(0, 0, 3), new(0, 0, 1)]);

        Assert.InRange(shares[0], 0.72, 0.78);
    }

    [Fact]
    public void Picks_a_warming_server_in_proportion_to_its_ramp_if_all_are_idle()
    {
        var shares = Shares([new(0, 0, 1), new(0, 0, 1, Ramp: 0.25f)]);

        Assert.InRange(shares[1], 0.17, 0.23);
    }

    [Fact]
    public void Keeps_the_queue_of_a_warming_server_in_proportion_to_its_ramp()
    {
        Assert.Equal(1, Pick([new(9, 0, 2), new(1, 0, 2, Ramp: 0.5f)]));
        Assert.Equal(0, Pick([new(5, 0, 2), new(3, 0, 2, Ramp: 0.5f)]));
    }

    private int Pick(Candidate[] candidates) => _policy.Pick(candidates, _context);

    private double[] Shares(Candidate[] candidates)
    {
        const int picks = 20_000;
        var shares = new double[candidates.Length];
        for (var i = 0; i < picks; i++)
            shares[Pick(candidates)] += 1.0 / picks;
        return shares;
    }
}
