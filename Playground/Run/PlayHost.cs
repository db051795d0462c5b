using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Shortline.Client;
using Shortline.Gateway;
using Shortline.Gateway.Tcp.Text;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Silo;

namespace Shortline.Playground.Run;

/// <summary>A silo with a gateway in this process.</summary>
internal sealed class PlayHost : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Enough that the first real requests do not wait for the compiler.</summary>
    private const int WarmUp = 100;

    private readonly IHost _host;
    private readonly TimeProvider _time;

    private PlayHost(IHost host, TimeProvider time)
    {
        _host = host;
        _time = time;
        Fleet = new GrainFleet(host.Services.GetRequiredService<IGrainFactory>());
    }

    /// <summary>The fleet.</summary>
    public IFleet Fleet { get; }

    /// <summary>The endpoint of the gateway.</summary>
    public IPEndPoint Gateway
    {
        get
        {
            var endPoint = ShortlineGateway.EndPointOf(_host.Services);
            return endPoint.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, endPoint.Port)
                : endPoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, endPoint.Port)
                : endPoint;
        }
    }

    /// <summary>The logs. They go to files only, because the screen uses the console.</summary>
    public ILoggerFactory Logs => _host.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>What clients of the text protocol ask for.</summary>
    public TextExchanges TextExchanges => _host.Services.GetRequiredService<TextExchanges>();

    /// <summary>
    /// Cancelled by Ctrl-C and other signals. The host runs on until it is disposed, so that the last responses still arrive.
    /// </summary>
    public CancellationToken Stopping => ProgramHost.StoppingOf(_host);

    /// <summary>Starts the host, and waits until all servers are ready and the gateway answers.</summary>
    /// <returns>Null if a signal came before.</returns>
    /// <exception cref="StartFailedException">A port is taken, or the servers do not come.</exception>
    public static async Task<PlayHost?> StartAsync(ShortlineSettings settings, TimeProvider time)
    {
        // A cluster of its own, so that the playground does not join silos that run on this machine.
        var own = settings with { Cluster = new ClusterSettings { Id = $"playground-{Environment.ProcessId}", Membership = ClusterSettings.Localhost } };
        var host = new PlayHost(SiloHost.Build(own, new SiloHostOptions { Name = "playground", Gateway = true, Console = false }), time);
        var stop = host.Stopping;
        try
        {
            await host._host.StartAsync();
            using var client = new ShortlineClient(new ShortlineClientOptions { Gateways = [host.Gateway], TimeoutMs = 1000 }, time);
            await host.WaitForServers(settings.Server.Count, client, stop);
            for (var i = 0; i < WarmUp; i++)
                await client.SendAsync("compute", "{\"seconds\":0}"u8.ToArray(), cancellation: stop);
            return host;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await host.DisposeAsync();
            return null;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the host and flushes the logs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ProgramHost.DisposeAsync(_host);
    }

    private async Task WaitForServers(int count, ShortlineClient client, CancellationToken stop)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var fleet = await Fleet.GetStatus();
            var ready = fleet.Servers.Count(server => server.Status == ServerStatus.Ready);
            if (ready >= count && (await client.SendAsync("echo", cancellation: stop)).IsOk)
                return;
            if (_time.GetElapsedTime(started) > StartTimeout)
                throw new StartFailedException($"Only {ready} of {count} servers are ready after {StartTimeout.TotalSeconds:0} s; the logs say why.");
            await Task.Delay(Pause, _time, stop);
        }
    }
}
