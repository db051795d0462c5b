using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A client of a cluster whose silos run in this process.</summary>
internal sealed class LocalClient(
    TimeProvider time, ILogger<LocalClient> log, IOptions<ClusterOptions> cluster)
    : Party(time, log, MessagingOptions.DefaultResponseTimeout), IHostedService, IDisposable
{
    private static int _created;

    private readonly int _number = Interlocked.Increment(ref _created);
    private readonly Lock _lock = new();
    private Cluster? _cluster;

    public override string Label => $"Client_{_number}";

    public override Cluster Cluster => _cluster
        ?? throw new InvalidOperationException($"{Label} is not started: grains can be called once the host runs.");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _cluster = Cluster.Join(cluster.Value.ClusterId, this);
        StartClock();
        return Task.CompletedTask;
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
            if (_cluster is not null && !IsDead)
            {
                Leave(() => new ClientNotAvailableException($"{Label} is gone."));
            }
        }
    }
}
