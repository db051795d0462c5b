using Orleans;
using Orleans.Runtime;
using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

public class LossTests
{
    [Fact]
    public async Task Calls_under_way_to_a_silo_that_dies_fail_at_once()
    {
        await using var cluster = await ManualCluster.Start(2);
        var (gate, value) = (await OnSilo<IGateGrain>(cluster, 1), await OnSilo<IProbeGrain>(cluster, 1));
        var call = gate.Write();
        await Eventually.True(async () => (await gate.Inside()).Writes == 1, "the call inside");
        var waiting = gate.Write();

        // The grain has taken it in once it answers what came later; a call still on its way would find the other silo.
        await gate.Inside();
        await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[1]);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => Eventually.Completes(call, "the end of a lost call"));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => Eventually.Completes(waiting, "the end of a lost call that waited"));
        Assert.Equal("Silo_0", (await value.Where()).Silo);
        Assert.DoesNotContain($"{value.GetPrimaryKeyString()} ShuttingDown", ProbeGrain.Events);
    }

    [Fact]
    public async Task State_survives_the_silo_of_its_grain()
    {
        await using var cluster = await ManualCluster.Start(2);
        var grain = await OnSilo<IRecordGrain>(cluster, 1);
        await grain.Save(7);

        await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[1]);

        Assert.Equal((7, true), await grain.Read());
    }

    [Fact]
    public async Task Timers_of_a_silo_that_died_do_not_tick()
    {
        await using var cluster = await ManualCluster.Start(2);
        var grain = await OnSilo<ITickerGrain>(cluster, 1);
        await grain.Start(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), interleave: false);
        var timers = cluster.Clock.PendingTimers;

        await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[1]);

        Assert.Equal(timers - 2, cluster.Clock.PendingTimers);
    }

    [Fact]
    public async Task Without_a_silo_a_call_fails_at_once()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IProbeGrain>();
        await grain.Where();

        await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[0]);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.Where().AsTask());
        await grain.Count();
    }

    [Fact]
    public async Task A_silo_started_after_another_stopped_takes_part()
    {
        await using var cluster = await ManualCluster.Start(2);
        await cluster.Cluster.StopSiloAsync(cluster.Cluster.Silos[1]);

        var started = await cluster.Cluster.StartAdditionalSiloAsync();

        Assert.Equal(["Silo_0", started.Name], cluster.Cluster.Silos.Select(silo => silo.Name));
        Assert.Equal(2, (await cluster.Client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count);
    }

    [Fact]
    public async Task The_observers_of_a_client_that_left_are_gone()
    {
        await using var cluster = await ManualCluster.Start();
        var observer = new Silent();
        var reference = cluster.Client.CreateObjectReference<INewsReader>(observer);
        var grain = cluster.Cluster.Silos[0].ServiceProvider.GetService(typeof(IGrainFactory)) as IGrainFactory;
        var news = grain!.GetGrain<INewsGrain>(ClusterFixture.NewKey());
        await news.Subscribe(reference);

        await cluster.Cluster.StopClusterClientAsync();

        Assert.Equal(1, await news.Publish(1));
        await Assert.ThrowsAsync<ClientNotAvailableException>(() => news.Ask(reference, 1));
        GC.KeepAlive(observer);
    }

    /// <summary>A grain that lives on that silo of the cluster.</summary>
    private static async Task<TGrain> OnSilo<TGrain>(ManualCluster cluster, int silo)
        where TGrain : class, IGrainWithStringKey
    {
        var name = cluster.Cluster.Silos[silo].Name;
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var grain = cluster.NewGrain<TGrain>();
            var address = global::Shortline.LocalEngine.GrainClasses.Implementing(typeof(TGrain));
            var host = cluster.Cluster.Silos[silo].ServiceProvider.GetService(typeof(ILocalSiloDetails)) as global::Shortline.LocalEngine.LocalSilo;
            if (host!.Cluster.Place(((GrainReference)(object)grain).GrainId, address)!.Name == name)
            {
                return grain;
            }
        }

        await Task.Yield();
        throw new InvalidOperationException($"No key of 1000 is placed on {name}.");
    }

    private sealed class Silent : INewsReader
    {
        public Task Read(int number) => Task.CompletedTask;

        public Task<int> Answer(int number) => Task.FromResult(number);
    }
}
