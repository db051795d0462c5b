using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Choosing;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Balancing.Choosing;

/// <summary>Rules that hold for every algorithm or for a kind of algorithms.</summary>
public sealed class BalancingPoliciesTests
{
    public static TheoryData<string> Names => [.. BalancingPolicies.Names];

    [Fact]
    public void Create_makes_the_policy_of_each_name() =>
        Assert.All(BalancingPolicies.Names, name =>
        {
            Assert.True(BalancingPolicies.Exists(name));
            Assert.Equal(name, BalancingPolicies.Create(name).Name);
        });

    [Fact]
    public void Every_algorithm_is_either_static_or_dynamic()
    {
        var (fixedOnes, dynamic) = (BalancingPolicies.NamesOf(PolicyKind.Static), BalancingPolicies.NamesOf(PolicyKind.Dynamic));

        Assert.Equal(["consistent_hash", "random", "round_robin", "weighted_round_robin"], fixedOnes);
        Assert.Equal(BalancingPolicies.Names, fixedOnes.Concat(dynamic).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(BalancingPolicies.Random)]
    [InlineData(BalancingPolicies.RoundRobin)]
    [InlineData(BalancingPolicies.WeightedRoundRobin)]
    public void A_static_algorithm_ignores_queues(string name)
    {
        var policy = BalancingPolicies.Create(name);
        Candidate[] candidates = [new(1000, 500, 1), new(0, 0, 1, Slot: 1)];
        var random = new Random(1);

        var busy = Enumerable.Range(0, 1000).Count(_ => policy.Pick(candidates, new PickContext(0, 0, random)) == 0);

        Assert.InRange(busy, 400, 600);
    }

    [Fact]
    public void The_error_for_an_unknown_name_lists_the_known_ones()
    {
        Assert.False(BalancingPolicies.Exists("Shortest_Queue"));
        var error = Assert.Throws<ArgumentException>(() => BalancingPolicies.Create("fastest"));
        Assert.Contains("round_robin, shortest_queue", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pick_is_one_of_the_candidates(string name)
    {
        var weight = Gen.Frequency((9, Gen.Choose(1, 10)), (1, Gen.Choose(1, 1000)));
        var candidate = Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(1, 1024)).Zip(Gen.Choose(1, 100)).Zip(weight)
            .Select(x => (Load: x.Item1.Item1.Item1, Concurrency: x.Item1.Item1.Item2, Ramp: x.Item1.Item2 / 100f, Weight: x.Item2));
        var observations = Gen.Choose(0, 40).Zip(Gen.Choose(0, 100_000)).Zip(Gen.Elements(true, false)).Zip(Gen.Choose(-1, 5)).ArrayOf();
        var property = Prop.ForAll(candidate.ArrayOf().Where(c => c.Length > 0).ToArbitrary(), observations.ToArbitrary(), (servers, seen) =>
        {
            var policy = BalancingPolicies.Create(name);
            var random = new Random(1);
            Candidate[] candidates =
                [.. servers.Select((s, i) => new Candidate(s.Load, s.Load / 2, s.Concurrency, s.Weight, s.Ramp, i, (ulong)i * 77))];
            var now = 0.0;
            foreach (var (((slot, ms), failed), load) in seen)
            {
                now += ms;
                policy.Observe(new Observation(slot, now, ms, failed, load));
                Assert.InRange(policy.Pick(candidates, new PickContext((ulong)ms, now, random)), 0, candidates.Length - 1);
                policy.Forget((slot + 1) % 41);
            }

            Assert.InRange(policy.Pick(candidates, new PickContext(1, now, random)), 0, candidates.Length - 1);
        });
        property.QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Equal_servers_get_equal_shares(string name)
    {
        const int servers = 7;
        var shares = new PickSimulation(name, [.. Enumerable.Repeat(1, servers)]).Shares(picks: 70_000);

        Assert.All(shares, share => Assert.InRange(share, 0.9 / servers, 1.1 / servers));
    }

    [Fact]
    public void Weighted_round_robin_gives_each_server_exactly_its_weight_in_a_cycle()
    {
        var property = Prop.ForAll(Gen.Choose(1, 9).NonEmptyListOf().ToArbitrary(), weights =>
        {
            var policy = BalancingPolicies.Create(BalancingPolicies.WeightedRoundRobin);
            Candidate[] candidates = [.. weights.Select((weight, i) => new Candidate(0, 0, 1, weight, Slot: i))];
            var counts = new int[candidates.Length];
            var context = new PickContext(0, 0, new ZeroRandom());
            for (var i = 0; i < weights.Sum(); i++)
                counts[policy.Pick(candidates, context)]++;
            Assert.Equal(weights, counts);
        });
        property.QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(BalancingPolicies.WeightedRoundRobin, 0.01)]
    [InlineData(BalancingPolicies.Random, 0.02)]
    [InlineData(BalancingPolicies.WeightedLeastConnection, 0.1)]
    [InlineData(BalancingPolicies.WeightedResponseTime, 0.1)]
    [InlineData(BalancingPolicies.ConsistentHash, 0.1)]
    public void Algorithms_with_weights_give_shares_in_proportion(string name, double tolerance)
    {
        var property = Prop.ForAll(Gen.Choose(1, 9).ArrayOf(5).ToArbitrary(), weights =>
        {
            // Algorithms that also use queues or times prefer idle fast servers, so their tolerance is larger.
            var shares = new PickSimulation(name, weights).Shares(picks: 40_000);
            for (var i = 0; i < weights.Length; i++)
                Assert.Equal((double)weights[i] / weights.Sum(), shares[i], tolerance);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10), property);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Picking_and_observing_allocate_nothing(string name)
    {
        var policy = BalancingPolicies.Create(name);
        Candidate[] servers = [new(1, 0, 1), new(1, 0, 1, Slot: 1), new(1, 0, 1, Ramp: 0.5f, Slot: 2)];
        policy.Set(servers);
        var random = new Random(1);
        var now = 0;
        int[] tried = [1];
        var wrong = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var end = now + 10_000; now < end; now++)
            {
                var context = new PickContext((ulong)now, now, random);
                policy.Set(servers[now % 3] with { Load = now % 50, InFlight = now % 50 });
                var pick = policy.Pick(context, default);
                policy.Observe(new Observation(pick, now, 1, Failed: false, Load: now % 2));
                policy.Exclude(pick);
                wrong += policy.Pick(context, tried) == 1 ? 1 : 0;
                policy.Set(servers[pick]);
            }
        }));
        Assert.Equal(0, wrong);
    }

    /// <summary>A request that must not go to any of the servers goes nowhere, and one that may go to a single server goes there.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void No_pick_is_a_server_that_was_tried_or_is_not_available(string name)
    {
        var property = Prop.ForAll(Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (count, seed) =>
        {
            var policy = BalancingPolicies.Create(name);
            var random = new Random(seed);
            Assert.Equal(-1, policy.Pick(new PickContext(1, 0, random), default));
            var available = new HashSet<int>();
            for (var step = 0; step < 200; step++)
            {
                var slot = random.Next(count);
                switch (random.Next(5))
                {
                    case 0:
                        policy.Exclude(slot);
                        available.Remove(slot);
                        break;
                    case 1 when random.Next(3) == 0:
                        policy.Forget(slot);
                        available.Remove(slot);
                        break;
                    default:
                        policy.Set(new Candidate(random.Next(9), random.Next(5), random.Next(1, 4), random.Next(1, 4), random.Next(1, 3) / 2f, slot, (ulong)slot * 77, random.Next(2) == 0));
                        available.Add(slot);
                        break;
                }

                int[] tried = [.. Enumerable.Range(0, count).Where(_ => random.Next(3) == 0)];
                var pick = policy.Pick(new PickContext((ulong)random.Next(), step * 10, random), tried);
                var allowed = available.Except(tried).ToList();
                Assert.True(allowed.Count == 0 ? pick == -1 : allowed.Contains(pick), $"{name} picks {pick} of {string.Join(',', available)} without {string.Join(',', tried)}");
                if (pick >= 0 && random.Next(2) == 0)
                    policy.Observe(new Observation(pick, step * 10, random.Next(100), random.Next(4) == 0, random.Next(5), random.Next(3)));
            }
        });
        property.QuickCheckThrowOnFailure();
    }
}
