using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.TestingHost;
using Shortline.GrainInterfaces;
using Shortline.Grains;
using Shortline.Hosting;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>Silos that host servers, with a gateway and a balancer that only record.</summary>
internal sealed class ServerCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private ServerCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public RecordingGateway Gateway { get; } = new();

    public RecordingReports Reports { get; private init; } = null!;

    public HeldHandler Held { get; private init; } = null!;

    public IGatewayObserver ReplyTo { get; private set; } = null!;

    public InProcessTestCluster Cluster => _cluster;

    public static async Task<ServerCluster> Start(
        ShortlineSettings? settings = null, TimeProvider? time = null, Action<IServiceCollection>? configure = null, short silos = 1)
    {
        var (held, reports) = (new HeldHandler(), new RecordingReports());
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            if (time is not null)
                silo.Services.AddSingleton(time);

            silo.Services.AddSingleton<IServerReports>(reports);
            silo.Services.AddShortlineGrains(settings ?? new ShortlineSettings()).AddWorkHandler(HeldHandler.Operation, held.Handle);
            configure?.Invoke(silo.Services);
        });
        var cluster = new ServerCluster(builder.Build()) { Held = held, Reports = reports };
        await cluster._cluster.DeployAsync();
        cluster.ReplyTo = cluster._cluster.Client.CreateObjectReference<IGatewayObserver>(cluster.Gateway);
        return cluster;
    }

    /// <summary>The gateway, as if this silo hosted it.</summary>
    public IGatewayObserver ReplyToAt(InProcessSiloHandle silo) =>
        silo.ServiceProvider.GetRequiredService<IGrainFactory>().CreateObjectReference<IGatewayObserver>(Gateway);

    /// <summary>A server of the first silo.</summary>
    public IServerGrain Server(string id) => Server(id, _cluster.Silos[0]);

    /// <summary>A server of one silo.</summary>
    public IServerGrain Server(string id, InProcessSiloHandle silo) => Server(id, silo.SiloAddress.ToString());

    /// <summary>The side of a server of the first silo that stands for a program of somebody else's, as a grain there calls it.</summary>
    public IExternalServerGrain Programs(string id) => _cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>()
        .GetGrain<IExternalServerGrain>(ServerKey.Of(ServerKey.DefaultPool, id, _cluster.Silos[0].SiloAddress.ToString()));

    public IServerGrain Server(string id, string siloAddress) =>
        _cluster.Client.GetGrain<IServerGrain>(ServerKey.Of(ServerKey.DefaultPool, id, siloAddress));

    public async ValueTask DisposeAsync()
    {
        Held.ReleaseAll();
        await _cluster.DisposeAsync();
        GC.KeepAlive(Gateway); // Orleans holds observers weakly
    }
}
