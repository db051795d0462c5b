using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class AvailableServersTests
{
    private const int Slots = 10;

    private readonly Random _random = new(1);

    [Fact]
    public void It_has_the_servers_that_a_set_would_have()
    {
        var change = Gen.Choose(0, Slots - 1).Zip(Gen.Elements(true, true, false));
        Prop.ForAll(change.ListOf(100).ToArbitrary(), changes =>
        {
            var servers = new AvailableServers();
            var expected = new HashSet<int>();
            foreach (var (slot, isSet) in changes)
            {
                if (isSet)
                    servers.Set(Server(slot));
                else
                    Assert.Equal(expected.Contains(slot), servers.Exclude(slot));
                _ = isSet ? expected.Add(slot) : expected.Remove(slot);
                Assert.Equal(expected.Order(), Enumerable.Range(0, servers.Count).Select(servers.At).Order());
                Assert.All(Enumerable.Range(0, Slots), each => Assert.Equal(expected.Contains(each), servers.Has(each)));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Two_random_ones_differ_if_there_are_two(int count)
    {
        var servers = new AvailableServers();
        for (var slot = 0; slot < count; slot++)
            servers.Set(Server(slot));
        for (var i = 0; i < 1000; i++)
        {
            var (first, second) = servers.TwoRandom(_random, []);
            Assert.Equal(count == 0, first < 0);
            Assert.Equal(count > 1, first != second);
        }
    }

    [Fact]
    public void Random_ones_are_equally_frequent_and_never_tried()
    {
        var servers = new AvailableServers();
        for (var slot = 0; slot < Slots; slot++)
            servers.Set(Server(slot));
        servers.Exclude(3);

        const int Choices = 50_000;
        var counts = Enumerable.Range(0, Choices)
            .SelectMany(_ => servers.TwoRandom(_random, []) is var (first, second) ? [first, second] : Array.Empty<int>())
            .CountBy(slot => slot).ToDictionary();
        Assert.Equal(Slots - 1, counts.Count);
        Assert.All(counts.Values, chosen => Assert.Equal(2.0 / (Slots - 1), chosen / (double)Choices, tolerance: 0.02));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.DoesNotContain(servers.Random(_random, [1, 2]), (int[])[1, 2, 3]));
    }

    private static Candidate Server(int slot) => new(0, 0, 1, 1, 1f, slot, (ulong)slot);
}
