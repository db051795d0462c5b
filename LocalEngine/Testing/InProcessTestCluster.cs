using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>Several silos and a client in this process, for tests.</summary>
public sealed class InProcessTestCluster : IAsyncDisposable
{
    private readonly string _id;
    private readonly short _initialSilos;
    private readonly Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>? _configureSilo;
    private readonly Action<IHostApplicationBuilder>? _configureClient;
    private readonly List<InProcessSiloHandle> _silos = [];
    private short _created;
    private IHost? _client;

    internal InProcessTestCluster(
        string id,
        short initialSilos,
        Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>? configureSilo,
        Action<IHostApplicationBuilder>? configureClient)
    {
        _id = id;
        _initialSilos = initialSilos;
        _configureSilo = configureSilo;
        _configureClient = configureClient;
    }

    /// <summary>The silos that run.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos
    {
        get
        {
            lock (_silos)
            {
                return _silos.ToList().AsReadOnly();
            }
        }
    }

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">It is not started.</exception>
    public IClusterClient Client => _client?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The test cluster has no client: it is not deployed or has been stopped.");

    /// <summary>Starts silos and client.</summary>
    public async Task DeployAsync()
    {
        if (_silos.Count > 0)
        {
            throw new InvalidOperationException("Cluster host already deployed.");
        }

        for (var count = 0; count < _initialSilos; count++)
        {
            await StartAdditionalSiloAsync();
        }

        var builder = NewHost("TestClusterClient");
        _configureClient?.Invoke(builder);
        builder.UseOrleansClient(client => client.Configure<ClusterOptions>(own => own.ClusterId = _id));
        var host = builder.Build();
        await host.StartAsync();
        _client = host;
    }

    /// <summary>Adds a silo.</summary>
    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync()
    {
        var number = _created++;
        var options = new InProcessTestSiloSpecificOptions { SiloName = $"Silo_{number}" };
        var builder = NewHost(options.SiloName);
        _configureSilo?.Invoke(options, builder);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: SiloOptions.DefaultPort + number, clusterId: _id)
            .Configure<ClusterOptions>(own => own.SpansProcesses = false)
            .Configure<SiloOptions>(own => own.SiloName = options.SiloName));
        var host = builder.Build();
        await Task.Run(() => host.StartAsync());
        var handle = new InProcessSiloHandle
        {
            Name = options.SiloName,
            SiloHost = host,
            SiloAddress = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress,
        };
        lock (_silos)
        {
            _silos.Add(handle);
        }

        return handle;
    }

    /// <summary>Stops a silo: its grains are deactivated first.</summary>
    public Task StopSiloAsync(InProcessSiloHandle instance) => StopSiloAsync(instance, gracefully: true);

    /// <summary>Stops a silo as a crash would.</summary>
    public Task KillSiloAsync(InProcessSiloHandle instance) => StopSiloAsync(instance, gracefully: false);

    /// <summary>Stops the client.</summary>
    public async Task StopClusterClientAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client)
        {
            await client.StopAsync();
            client.Dispose();
        }
    }

    /// <summary>Stops everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopClusterClientAsync();
        foreach (var silo in Silos.Reverse())
        {
            await StopSiloAsync(silo);
        }
    }

    private static HostApplicationBuilder NewHost(string name) => Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        ApplicationName = name,
        EnvironmentName = Environments.Development,
        DisableDefaults = true,
    });

    private async Task StopSiloAsync(InProcessSiloHandle instance, bool gracefully)
    {
        if (!Silos.Contains(instance))
        {
            return;
        }

        await Task.Run(() => instance.SiloHost.StopAsync(new CancellationToken(canceled: !gracefully)));
        lock (_silos)
        {
            _silos.Remove(instance);
        }

        instance.SiloHost.Dispose();
    }
}
