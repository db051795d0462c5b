using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;
using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

/// <summary>A cluster whose clock is moved by hand.</summary>
internal sealed class ManualCluster : IAsyncDisposable
{
    private ManualCluster(short silos) => Cluster = new InProcessTestClusterBuilder(silos)
        .ConfigureHost(host => host.Services.AddSingleton<TimeProvider>(Clock))
        .ConfigureSilo((_, silo) => silo
            .AddMemoryGrainStorage("store")
            .Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionAge = TimeSpan.FromMinutes(2);
                options.CollectionQuantum = TimeSpan.FromSeconds(10);
            }))
        .Build();

    public ManualTimeProvider Clock { get; } = new();

    public InProcessTestCluster Cluster { get; }

    public IGrainFactory Client => Cluster.Client;

    public static async Task<ManualCluster> Start(short silos = 1)
    {
        var cluster = new ManualCluster(silos);
        await cluster.Cluster.DeployAsync();
        return cluster;
    }

    /// <summary>A grain that no other test uses.</summary>
    public TGrain NewGrain<TGrain>()
        where TGrain : IGrainWithStringKey => Client.GetGrain<TGrain>(ClusterFixture.NewKey());

    /// <summary>Ends it as a crash would, without waiting for calls that a test left inside.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Cluster.Silos)
        {
            await Cluster.KillSiloAsync(silo);
        }

        await Cluster.DisposeAsync();
    }
}
