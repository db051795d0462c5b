using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class LeastFirstTests
{
    private const int Slots = 12;

    private readonly Random _random = new(1);

    private enum Step
    {
        Set,
        Remove,
        Choose,
    }

    /// <summary>Against a look at all servers, through any order of changes.</summary>
    [Fact]
    public void The_least_one_is_chosen_local_ones_first()
    {
        var step = Gen.Frequency((4, Gen.Constant(Step.Set)), (1, Gen.Constant(Step.Remove)), (2, Gen.Constant(Step.Choose)));
        var change = step.Zip(Gen.Choose(0, Slots - 1)).Zip(Gen.Choose(0, 5)).Zip(Gen.Elements(true, false));
        Prop.ForAll(change.ListOf(200).ToArbitrary(), changes =>
        {
            var order = new LeastFirst();
            var all = new Dictionary<int, (double Score, bool IsLocal)>();
            foreach (var (((next, slot), score), isLocal) in changes)
            {
                switch (next)
                {
                    case Step.Set:
                        order.Set(slot, score, share: 1 + score, isLocal);
                        all[slot] = (score, isLocal);
                        break;
                    case Step.Remove:
                        order.Remove(slot);
                        all.Remove(slot);
                        break;
                    default:
                        Check(order, all, tried: []);
                        Check(order, all, tried: [slot, (slot + 1) % Slots]);
                        break;
                }
            }

            Check(order, all, tried: []);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Among_equals_each_is_chosen_by_its_share()
    {
        var order = new LeastFirst();
        for (var slot = 0; slot < 4; slot++)
            order.Set(slot, score: 7, share: slot + 1);

        const int Choices = 40_000;
        var counts = Enumerable.Range(0, Choices).Select(_ => order.Least(_random, [])).CountBy(slot => slot).ToDictionary();
        Assert.All(Enumerable.Range(0, 4), slot => Assert.Equal((slot + 1) / 10.0, counts[slot] / (double)Choices, tolerance: 0.02));
    }

    [Fact]
    public void A_server_that_was_tried_keeps_its_place()
    {
        var order = new LeastFirst();
        order.Set(0, score: 1);
        order.Set(1, score: 2);
        Assert.Equal(1, order.Least(_random, [0]));
        Assert.Equal(0, order.Least(_random, []));
        Assert.Equal(-1, order.Least(_random, [1, 0]));
        Assert.Equal((1.0, 2.0), (order.ScoreOf(0), order.ScoreOf(1)));
    }

    private void Check(LeastFirst order, Dictionary<int, (double Score, bool IsLocal)> all, int[] tried)
    {
        var left = all.Where(each => !tried.Contains(each.Key)).ToList();
        var chosen = order.Least(_random, tried);
        if (left.Count == 0)
        {
            Assert.Equal(-1, chosen);
            return;
        }

        var least = left.Min(each => each.Value.Score);
        var equals = left.Where(each => each.Value.Score == least).ToList();
        Assert.Contains(chosen, equals.Select(each => each.Key));
        Assert.Equal(equals.Exists(each => each.Value.IsLocal), all[chosen].IsLocal);
    }
}
