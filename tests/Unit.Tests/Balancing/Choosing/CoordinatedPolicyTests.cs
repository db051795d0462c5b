using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class CoordinatedPolicyTests
{
    private const int Picks = 20_000;

    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.Coordinated);
    private readonly Random _random = new(1);
    private long _news;

    [Fact]
    public void Idle_servers_share_all_requests_while_others_have_queues()
    {
        var shares = Shares([Server(0), Server(0, queue: 3), Server(0), Server(0, queue: 1)], nowMs: 0);
        Assert.InRange(shares[0], 0.47, 0.53);
        Assert.InRange(shares[2], 0.47, 0.53);
    }

    /// <summary>
    /// The level of an idle server is 1 divided by its workers: 1 and 2 for one that has warmed up by half, 0.5 and 1 for two workers and one.
    /// The weights add up to 2, so the common levels are 2.67 and 1.33, and the weights 1.67 and 0.33.
    /// </summary>
    [Fact]
    public void Probabilities_are_those_of_stochastic_coordination()
    {
        Assert.InRange(Shares([Server(0), Server(0) with { Ramp = 0.5f }], nowMs: 0)[0], 0.80, 0.87);
        var two = Shares([Server(0) with { Concurrency = 2 }, Server(0)], nowMs: 1000);
        Assert.InRange(two[0], 0.80, 0.87);
    }

    [Fact]
    public void One_gateway_never_asks_a_server_to_return_a_request()
    {
        Set([Server(0), Server(0, queue: 9)]);
        _policy.Pick(new PickContext(0, 0, _random), default);
        Assert.Equal(int.MaxValue, _policy.MostLoad);
    }

    /// <summary>The level of two idle servers is 2, which is half a request for each, and three quarters more are allowed.</summary>
    [Fact]
    public void With_other_gateways_a_server_above_the_level_is_to_return_the_request()
    {
        Set([Server(0), Server(0)]);
        _policy.Pick(new PickContext(0, 0, _random, Gateways: 2), default);
        Assert.Equal(2, _policy.MostLoad);

        Set([Server(0, queue: 10), Server(0, queue: 10)]);
        _policy.Pick(new PickContext(0, 0, _random, Gateways: 2), default);
        Assert.Equal(12, _policy.MostLoad);
    }

    /// <summary>A server with two requests and one that is idle: after three service times without news, both are nearly idle.</summary>
    [Fact]
    public void Queues_drain_in_memory_as_the_servers_work()
    {
        Set([Server(0, queue: 2), Server(0)]);
        Assert.Equal(1, _policy.Pick(new PickContext(0, 0, _random, Gateways: 2), default));
        var picks = Enumerable.Range(0, Picks).Count(_ => _policy.Pick(new PickContext(0, 300, _random, Gateways: 2), default) == 0);
        Assert.InRange((double)picks / Picks, 0.3, 0.7);
    }

    [Fact]
    public void Requests_of_the_other_gateways_fill_queues_in_memory()
    {
        // This gateway sends a request each 10 ms and so do the 9 others: to 8 servers that need 100 ms.
        Set([.. Enumerable.Range(0, 8).Select(slot => Server(0) with { ServiceTimeMs = 100, Slot = slot })]);
        for (var ms = 0; ms < 1000; ms += 10)
            Assert.InRange(_policy.Pick(new PickContext(0, ms, _random, Gateways: 10), default), 0, 7);

        // One reports that it is idle: it gets the next request.
        _policy.Set(Server(0) with { ServiceTimeMs = 100, Slot = 3, News = 9, NewsAtMs = 1000 });
        var picks = Enumerable.Range(0, 100).Count(_ => _policy.Pick(new PickContext(0, 1000, _random, Gateways: 10), default) == 3);
        Assert.InRange(picks, 95, 100);
    }

    [Fact]
    public void A_server_that_was_tried_is_not_picked()
    {
        Set([Server(0), Server(0, queue: 50)]);
        Assert.Equal(1, _policy.Pick(new PickContext(0, 0, _random), [0]));
        Assert.Equal(-1, _policy.Pick(new PickContext(0, 0, _random), [0, 1]));
        Assert.Equal(0, _policy.Pick(new PickContext(0, 0, _random), default));
    }

    private static Candidate Server(int inFlight, int queue = 0) => new(queue, inFlight, 1) { ServiceTimeMs = 100 };

    private void Set(params Candidate[] servers) => _policy.Set(servers.Select(server => server with { News = ++_news }).ToArray());

    private double[] Shares(Candidate[] servers, double nowMs)
    {
        Set(servers);
        var picks = Enumerable.Range(0, Picks).Select(_ => _policy.Pick(new PickContext(0, nowMs, _random), default)).CountBy(slot => slot).ToDictionary();
        return [.. Enumerable.Range(0, servers.Length).Select(slot => (double)picks.GetValueOrDefault(slot) / Picks)];
    }
}
