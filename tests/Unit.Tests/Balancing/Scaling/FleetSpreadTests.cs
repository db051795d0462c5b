using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public class FleetSpreadTests
{
    private const int MaxPerSilo = 8;

    /// <summary>Up to ten silos with up to the maximum of servers each, some of them closed.</summary>
    private static readonly Arbitrary<List<SiloRoom>> Fleets = Gen.Choose(0, 10)
        .SelectMany(count => Gen.Choose(0, MaxPerSilo).Zip(Gen.Choose(0, 3)).ArrayOf(count))
        .Select(silos => silos.Select((silo, i) => new SiloRoom($"silo{i}", silo.Item1, IsOpen: silo.Item2 > 0)).ToList())
        .ToArbitrary();

    [Fact]
    public void The_next_server_starts_on_the_open_silo_with_the_fewest_servers() => Prop.ForAll(Fleets, silos =>
    {
        var next = FleetSpread.Next(silos, MaxPerSilo);
        var open = silos.FindAll(silo => silo.IsOpen && silo.Servers < MaxPerSilo);
        return next < 0 ? open.Count == 0 : open.Contains(silos[next]) && silos[next].Servers == open.Min(silo => silo.Servers);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Moves_even_out_the_open_silos_with_few_moves() => Prop.ForAll(Fleets, silos =>
    {
        var moves = FleetSpread.Moves(silos, MaxPerSilo);
        var after = silos.Select(silo => silo.Servers).ToArray();
        foreach (var (from, to) in moves)
        {
            after[from]--;
            after[to]++;
        }

        var open = Enumerable.Range(0, silos.Count).Where(i => silos[i].IsOpen).Select(i => after[i]).ToList();
        var mean = open.Count == 0 ? 0 : (double)open.Sum() / open.Count;
        var least = silos.Where(silo => silo.IsOpen).Sum(silo => Math.Max(0, silo.Servers - (int)Math.Ceiling(mean)));
        return (open.Count == 0 || open.Max() - open.Min() <= 1)
            && silos.Select((silo, i) => silo.IsOpen || after[i] == silo.Servers).All(unchanged => unchanged)
            && after.All(servers => servers <= MaxPerSilo)
            && moves.Count <= least + open.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_even_fleet_needs_no_moves() => Prop.ForAll(Fleets, silos =>
    {
        var even = silos.Select((silo, i) => silo with { Servers = i % 2 }).ToList();
        return FleetSpread.Moves(even, MaxPerSilo).Count == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Growing_and_shrinking_by_one_keep_an_even_fleet_even() => Prop.ForAll(Fleets, Gen.Choose(0, 1).ArrayOf(50).ToArbitrary(), (silos, steps) =>
    {
        var fleet = silos.Select(silo => silo with { Servers = 0 }).ToList();
        foreach (var step in steps)
        {
            var at = step == 0 ? FleetSpread.Next(fleet, MaxPerSilo) : FleetSpread.Fullest(fleet);
            if (at >= 0)
                fleet[at] = fleet[at] with { Servers = fleet[at].Servers + (step == 0 ? 1 : -1) };
            if (FleetSpread.Moves(fleet, MaxPerSilo).Count > 0)
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_joining_silo_gets_its_share_from_the_fullest_silos()
    {
        List<SiloRoom> silos = [new("a", 5, true), new("b", 4, true), new("new", 0, true)];

        Assert.Equal([(0, 2), (0, 2), (1, 2)], FleetSpread.Moves(silos, MaxPerSilo).Order());
    }

    [Theory]
    [InlineData(1, 1, 16, 16, 1)]
    [InlineData(1, 3, 16, 16, 3)] // One per silo.
    [InlineData(5, 3, 16, 16, 5)]
    [InlineData(1, 3, 2, 16, 2)] // As far as max_count allows.
    [InlineData(40, 2, 64, 16, 32)] // As far as max_per_silo allows.
    [InlineData(1, 0, 16, 16, 1)]
    public void The_minimum_is_the_setting_or_one_server_per_silo(int setting, int silos, int maxCount, int maxPerSilo, int minimum) =>
        Assert.Equal(minimum, FleetSpread.Minimum(setting, silos, maxCount, maxPerSilo));
}
