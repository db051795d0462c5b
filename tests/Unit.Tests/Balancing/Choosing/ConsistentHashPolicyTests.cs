using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class ConsistentHashPolicyTests
{
    private readonly IBalancingPolicy _policy = BalancingPolicies.Create(BalancingPolicies.ConsistentHash);
    private readonly Random _random = new(1);

    [Fact]
    public void A_client_always_gets_the_same_server()
    {
        var servers = Servers(10);
        for (var client = 0UL; client < 100; client++)
            Assert.Single(Enumerable.Range(0, 10).Select(_ => Pick(servers, client)).Distinct());
    }

    [Fact]
    public void A_removed_server_moves_only_its_own_clients()
    {
        var all = Servers(10);
        var rest = all.Where(server => server.Slot != 4).ToArray();
        for (var client = 0UL; client < 1000; client++)
        {
            var before = all[Pick(all, client)].Slot;
            if (before != 4)
                Assert.Equal(before, rest[Pick(rest, client)].Slot);
        }
    }

    [Fact]
    public void No_server_gets_more_than_125_percent_of_the_mean_load()
    {
        var property = Prop.ForAll(Gen.Choose(0, 20).ArrayOf(8).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (loads, client) =>
        {
            Candidate[] servers = [.. loads.Select((load, i) => new Candidate(load, 0, 1, Slot: i, Hash: StableHash.Of($"{i}")))];
            var pick = Pick(servers, (ulong)client);
            Assert.True(loads[pick] + 1 <= Math.Ceiling(1.25 * (loads.Sum() + 1) / loads.Length));
        });
        property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_client_of_a_full_server_always_gets_the_same_other_server()
    {
        var servers = Servers(5);
        var home = Pick(servers, 42);
        servers[home] = servers[home] with { Load = 10 };

        Assert.NotEqual(home, Assert.Single(Enumerable.Range(0, 10).Select(_ => Pick(servers, 42)).Distinct()));
    }

    private static Candidate[] Servers(int count) => [.. Enumerable.Range(0, count).Select(i => new Candidate(0, 0, 1, Slot: i, Hash: StableHash.Of($"{i}")))];

    private int Pick(Candidate[] candidates, ulong client) => _policy.Pick(candidates, new PickContext(client, 0, _random));
}
