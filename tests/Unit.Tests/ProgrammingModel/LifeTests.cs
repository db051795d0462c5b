using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.ProgrammingModel;

public class LifeTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task The_next_call_after_deactivation_finds_a_new_activation()
    {
        var key = ClusterFixture.NewKey();
        var grain = fixture.Client.GetGrain<IProbeGrain>(key);
        var first = await grain.Where();

        await grain.Deactivate();

        await Eventually.True(async () => (await grain.Where()).Activation != first.Activation, "a new activation");
        Assert.Equal(
            [$"{key} activated", $"{key} ApplicationRequested", $"{key} activated"],
            ProbeGrain.Events.Where(text => text.StartsWith(key, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task State_survives_deactivation()
    {
        var grain = fixture.Client.GetGrain<IRecordGrain>(ClusterFixture.NewKey());
        Assert.Equal((0, false), await grain.Read());
        await grain.Save(7);

        await grain.Deactivate();

        Assert.Equal((7, true), await grain.Read());
        await grain.Clear();
        Assert.Equal((0, false), await grain.Read());
    }

    [Fact]
    public async Task What_is_stored_does_not_change_with_the_state_in_memory()
    {
        var grain = fixture.Client.GetGrain<IRecordGrain>(ClusterFixture.NewKey());
        await grain.Save(7);

        Assert.Equal(7, await grain.ChangeAndRead(8));
    }

    [Fact]
    public async Task The_management_grain_knows_the_silos()
    {
        var hosts = await fixture.Client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);

        Assert.Equal(
            fixture.Cluster.Silos.Select(silo => silo.SiloAddress.ToString()).Order(StringComparer.Ordinal),
            hosts.Keys.Select(address => address.ToString()).Order(StringComparer.Ordinal));
        Assert.All(hosts.Values, status => Assert.Equal(SiloStatus.Active, status));
    }

    [Fact]
    public async Task Grains_of_a_stopped_silo_are_deactivated_and_come_back_elsewhere()
    {
        await using var cluster = ClusterFixture.NewCluster(2);
        await cluster.DeployAsync();
        var grains = Enumerable.Range(0, 8).Select(_ => cluster.Silos[1].ServiceProvider.GetRequiredService<IGrainFactory>()
            .GetGrain<IProbeGrain>(ClusterFixture.NewKey())).ToArray();
        var before = await Task.WhenAll(grains.Select(async grain => (Key: grain.GetPrimaryKeyString(), Place: await grain.Where())));
        var stopped = cluster.Silos[1];

        await cluster.StopSiloAsync(stopped);

        foreach (var (key, place) in before.Where(entry => entry.Place.Silo == stopped.Name))
        {
            Assert.Contains($"{key} ShuttingDown", ProbeGrain.Events);
            Assert.Equal(cluster.Silos[0].Name, (await cluster.Client.GetGrain<IProbeGrain>(key).Where()).Silo);
        }
    }
}
