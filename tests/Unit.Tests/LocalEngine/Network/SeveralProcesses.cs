using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Shortline.LocalEngine;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine.Network;

/// <summary>A cluster whose silos and clients know nothing of each other but through its folder and sockets, as if each was a process.</summary>
internal sealed class SeveralProcesses : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];
    private int _started;

    public string ClusterId { get; } = $"test-{Guid.NewGuid():N}";

    public static async Task<SeveralProcesses> Start(int silos)
    {
        var processes = new SeveralProcesses();
        for (var silo = 0; silo < silos; silo++)
        {
            await processes.StartSilo();
        }

        return processes;
    }

    public async Task<IHost> StartSilo(Action<ISiloBuilder>? configure = null)
    {
        var name = $"silo-{_started++}";
        var host = NewHost(builder => builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: FreePort(), clusterId: ClusterId)
                .AddMemoryGrainStorage("store")
                .Configure<SiloOptions>(options => options.SiloName = name);
            configure?.Invoke(silo);
        }));
        await host.StartAsync();
        return host;
    }

    public async Task<IGrainFactory> StartClient() => Grains(await StartClientHost());

    public async Task<IHost> StartClientHost()
    {
        var host = NewHost(builder => builder.UseOrleansClient(client => client.UseLocalhostClustering(clusterId: ClusterId)));
        await host.StartAsync();
        return host;
    }

    public static IGrainFactory Grains(IHost host) => host.Services.GetRequiredService<IGrainFactory>();

    public static string Name(IHost silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().Name;

    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>Ends a silo as a crash does: its files' locks are dropped and its connections close, nothing else.</summary>
    public void Kill(IHost silo)
    {
        _hosts.Remove(silo);
        silo.Services.GetRequiredService<LocalSilo>().Dispose();
        silo.Dispose();
    }

    /// <summary>Waits until each silo knows that there are so many.</summary>
    public async Task Agree(int silos, IHost? except = null)
    {
        foreach (var host in _hosts.Where(host => host != except && host.Services.GetService<LocalSilo>() is not null))
        {
            var silo = host.Services.GetRequiredService<LocalSilo>();
            await Eventually.True(() => silo.Cluster.Silos.Count == silos, () => $"{silos} silos at {silo.Name}, not {silo.Cluster.Silos.Count}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts).ToArray())
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private IHost NewHost(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton(new ClusterRegistry());
        configure(builder);
        var host = builder.Build();
        _hosts.Add(host);
        return host;
    }
}
