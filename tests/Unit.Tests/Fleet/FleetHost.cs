using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Shortline.Client;
using Shortline.Gateway;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Silo;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Fleet;

/// <summary>A whole fleet in this process, built like the silo program, with a real gateway socket and handlers of the test.</summary>
internal sealed class FleetHost : IAsyncDisposable
{
    private readonly IHost _host;

    private FleetHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IControllerGrain Controller => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IControllerGrain>(ServerKey.DefaultPool);

    /// <summary>Starts a fleet and waits until all its servers are ready.</summary>
    public static async Task<FleetHost> Start(ShortlineSettings settings, Action<IServiceCollection>? handlers = null)
    {
        var own = settings with
        {
            LoadBalancer = settings.LoadBalancer with { ClientSidePort = 0, ServerSidePort = 0 },
            Logs = settings.Logs with { Directory = "" },
            Cluster = new ClusterSettings { Id = $"fleet-{Guid.NewGuid():N}" },
        };
        var options = new SiloHostOptions { Name = "test", Gateway = true, Console = false };
        var fleet = new FleetHost(SiloHost.Build(own, options, builder => handlers?.Invoke(builder.Services)));
        await fleet._host.StartAsync();
        await Eventually.True(
            async () => (await fleet.Controller.GetStatus()).Servers.Count(server => server.Status == ServerStatus.Ready) == own.Server.Count,
            $"{own.Server.Count} servers are ready");
        return fleet;
    }

    /// <summary>The address and port of its gateway.</summary>
    public IPEndPoint EndPoint => ShortlineGateway.EndPointOf(_host.Services);

    /// <summary>Makes a client without retries and throttling, so that a test sees each outcome.</summary>
    public ShortlineClient Client(long id) =>
        new(new ShortlineClientOptions { Gateways = [EndPoint], ClientId = id, Retries = 0, Throttle = false });

    /// <summary>The events of the fleet, newest last.</summary>
    public async Task<IReadOnlyList<string>> Events() => [.. (await Controller.GetStatus()).Events.Select(happened => happened.Text)];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
