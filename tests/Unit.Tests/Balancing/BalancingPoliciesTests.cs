using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing;

namespace Shortline.Unit.Tests.Balancing;

public sealed class BalancingPoliciesTests
{
    [Fact]
    public void Every_name_makes_a_policy_of_that_name() =>
        Assert.All(BalancingPolicies.Names, name =>
        {
            Assert.True(BalancingPolicies.Exists(name));
            Assert.Equal(name, BalancingPolicies.Create(name).Name);
        });

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        Assert.False(BalancingPolicies.Exists("Shortest_Queue"));
        var error = Assert.Throws<ArgumentException>(() => BalancingPolicies.Create("fastest"));
        Assert.Contains("round_robin, shortest_queue", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pick_is_one_of_the_candidates()
    {
        var candidate = Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(1, 1024)).Zip(Gen.Choose(1, 100))
            .Select(x => new Candidate(x.Item1.Item1, 0, x.Item1.Item2, 1, x.Item2 / 100f));
        var property = Prop.ForAll(candidate.ArrayOf().Where(c => c.Length > 0).ToArbitrary(), candidates =>
        {
            foreach (var name in BalancingPolicies.Names)
                Assert.InRange(BalancingPolicies.Create(name).Pick(candidates, 1, new Random(1)), 0, candidates.Length - 1);
        });
        property.QuickCheckThrowOnFailure();
    }
}
