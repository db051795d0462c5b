using Orleans;
using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

public class CollectionTests
{
    [Fact]
    public async Task An_idle_activation_ends_at_the_collection_age()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IProbeGrain>();
        await grain.Where();

        cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await grain.Where();
        cluster.Clock.Advance(TimeSpan.FromMinutes(1.5));
        await grain.Where();
        Assert.DoesNotContain($"{grain.GetPrimaryKeyString()} ActivationIdle", ProbeGrain.Events);
        cluster.Clock.Advance(TimeSpan.FromMinutes(3));

        await Eventually.True(
            () => ProbeGrain.Events.Contains($"{grain.GetPrimaryKeyString()} ActivationIdle"), "the end of the idle activation");
    }

    [Fact]
    public async Task A_busy_activation_is_not_collected()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IGateGrain>();
        _ = grain.Write();
        await Eventually.True(async () => (await grain.Inside()).Writes == 1, "the call inside");

        cluster.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal((1, 0, 0), await grain.Inside());
    }

    [Fact]
    public async Task A_grain_that_is_kept_alive_is_not_collected()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<ISettledGrain>();
        var first = await grain.Where();

        cluster.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(first, await grain.Where());
    }
}
