using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A client of a cluster.</summary>
internal sealed class LocalClient(
    TimeProvider time,
    ILogger<LocalClient> log,
    IOptions<ClusterOptions> cluster,
    ClusterRegistry registry,
    IClientConnectionRetryFilter? retry = null)
    : Party(time, log, MessagingOptions.DefaultResponseTimeout), IHostedService, IDisposable
{
    private static int _created;

    private readonly int _number = Interlocked.Increment(ref _created);
    private readonly Lock _lock = new();
    private Cluster? _cluster;

    public override string Label => $"Client_{_number}";

    public override Cluster Cluster => _cluster
        ?? throw new InvalidOperationException($"{Label} is not started: grains can be called once the host runs.");

    public override Exception Lost() => new ClientNotAvailableException($"{Label} is gone.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var id = cluster.Value.ClusterId;
        var joined = registry.Join(id, this, cluster.Value.SpansProcesses);
        while (joined.Silos.All(silo => silo.Status != SiloStatus.Active))
        {
            var none = new SiloUnavailableException($"No silo of cluster '{id}' runs.");
            if (retry is null || !await retry.ShouldRetryConnectionAttempt(none, cancellationToken))
            {
                joined.Leave(this);
                throw none;
            }
        }

        _cluster = joined;
        StartClock();
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_cluster is not null && TryEnd())
            {
                Leave();
            }
        }
    }

    /// <summary>A process that is only a client need not have the grain classes.</summary>
    protected override string KindOf(Type interfaceType) => cluster.Value.SpansProcesses
        ? GrainClasses.KindOf(interfaceType)
        : GrainClasses.Implementing(interfaceType).GrainType;
}
