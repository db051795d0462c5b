using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

public class PlacementTests
{
    [Fact]
    public async Task Placement_by_count_fills_the_emptiest_silo()
    {
        await using var cluster = await ManualCluster.Start(2);

        var silos = new List<string>();
        for (var grain = 0; grain < 8; grain++)
        {
            silos.Add((await cluster.NewGrain<ISettledGrain>().Where()).Silo);
        }

        Assert.Equal([4, 4], silos.CountBy(silo => silo).Select(count => count.Value));
    }

    [Fact]
    public async Task Other_grains_spread_over_the_silos()
    {
        await using var cluster = await ManualCluster.Start(2);

        var silos = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ => (await cluster.NewGrain<IProbeGrain>().Where()).Silo));

        Assert.All(silos.CountBy(silo => silo), count => Assert.InRange(count.Value, 20, 80));
        Assert.Equal(2, silos.Distinct().Count());
    }

    [Fact]
    public async Task Grains_move_to_a_silo_that_joined_only_when_they_ask()
    {
        await using var cluster = await ManualCluster.Start();
        var grains = Enumerable.Range(0, 8).Select(_ => cluster.NewGrain<ISettledGrain>()).ToArray();
        await Task.WhenAll(grains.Select(grain => grain.Where().AsTask()));
        var added = await cluster.Cluster.StartAdditionalSiloAsync();
        Assert.Equal(0, await CountOn(added.Name));

        foreach (var grain in grains)
        {
            await grain.Move();
            await grain.Where();
        }

        await Eventually.True(async () => await CountOn(added.Name) == 4, () => $"4 grains on {added.Name}");

        async Task<int> CountOn(string silo) =>
            (await Task.WhenAll(grains.Select(async grain => await grain.Where()))).Count(place => place.Silo == silo);
    }
}
