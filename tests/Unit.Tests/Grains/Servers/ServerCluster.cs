using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.TestingHost;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>The servers of one test in a pool of their own, with a gateway and a balancer that only record.</summary>
internal sealed class ServerCluster : IAsyncDisposable
{
    private readonly ServerSilos _silos;
    private readonly bool _ownsSilos;
    private readonly ConcurrentDictionary<string, IServerGrain> _used = new(StringComparer.Ordinal);

    public ServerCluster(ServerSilos silos, string pool, HeldHandler held, RecordingReports reports, bool ownsSilos)
    {
        (_silos, Pool, _ownsSilos, Held, Reports) = (silos, pool, ownsSilos, held, reports);
        ReplyTo = Cluster.Client.CreateObjectReference<IGatewayObserver>(Gateway);
    }

    public string Pool { get; }

    public RecordingGateway Gateway { get; } = new();

    public RecordingReports Reports { get; }

    public HeldHandler Held { get; }

    public IGatewayObserver ReplyTo { get; }

    public InProcessTestCluster Cluster => _silos.Silos;

    /// <summary>Starts silos for one test.</summary>
    public static async Task<ServerCluster> Start(ShortlineSettings? settings = null, Action<IServiceCollection>? configure = null, short silos = 1)
    {
        var own = new ServerSilos(settings, silos, configure);
        await own.InitializeAsync();
        return own.NewPool(ownsSilos: true);
    }

    /// <summary>Returns the gateway as an observer that this silo hosts.</summary>
    public IGatewayObserver ReplyToAt(InProcessSiloHandle silo) =>
        silo.ServiceProvider.GetRequiredService<IGrainFactory>().CreateObjectReference<IGatewayObserver>(Gateway);

    /// <summary>A server of the first silo.</summary>
    public IServerGrain Server(string id) => Server(id, Cluster.Silos[0]);

    /// <summary>A server of one silo.</summary>
    public IServerGrain Server(string id, InProcessSiloHandle silo) => Server(id, silo.SiloAddress.ToString());

    public IServerGrain Server(string id, string siloAddress) =>
        _used.GetOrAdd(ServerKey.Of(Pool, id, siloAddress), key => Cluster.Client.GetGrain<IServerGrain>(key));

    /// <summary>The grain of an external server on the first silo, as another grain there calls it.</summary>
    public IExternalServerGrain External(string id)
    {
        Server(id);
        return Cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>()
            .GetGrain<IExternalServerGrain>(ServerKey.Of(Pool, id, Cluster.Silos[0].SiloAddress.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        Held.ReleaseAll();
        if (_ownsSilos)
            await _silos.DisposeAsync();
        else
            await Task.WhenAll(_used.Values.Select(Kill));
        GC.KeepAlive(Gateway); // Orleans holds observers only by weak references.
    }

    /// <summary>Ends a server, so that nothing of this test runs during the next one.</summary>
    private static async Task Kill(IServerGrain server)
    {
        try
        {
            await server.Kill();
        }
        catch (SiloUnavailableException)
        {
            // The server ended with its silo.
        }
    }
}
