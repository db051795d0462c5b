using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A silo of this process: hosts activations from the start of its host to its stop.</summary>
internal sealed class LocalSilo : Party, IClusterSilo, ILocalSiloDetails, IHostedService, IDisposable
{
    private static int _created;

    private readonly string _clusterId;
    private readonly GrainCollectionOptions _collection;
    private readonly Lock _lock = new();
    private Cluster? _cluster;
    private long _collected;

    public LocalSilo(
        IServiceProvider services,
        TimeProvider time,
        ILogger<LocalSilo> log,
        IOptions<ClusterOptions> cluster,
        IOptions<SiloOptions> silo,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection)
        : base(time, log, messaging.Value.ResponseTimeout)
    {
        ServiceProvider = services;
        _clusterId = cluster.Value.ClusterId;
        _collection = collection.Value;
        Address = new SiloAddress(silo.Value.Port, SiloAddress.NextGeneration(time));
        Name = silo.Value.SiloName ?? $"Silo_{Interlocked.Increment(ref _created)}";
    }

    public IServiceProvider ServiceProvider { get; }

    public string Name { get; }

    public SiloAddress Address { get; }

    SiloAddress ILocalSiloDetails.SiloAddress => Address;

    public override string Label => $"Silo {Name}";

    public override Cluster Cluster => _cluster
        ?? throw new InvalidOperationException($"{Label} is not started: grains can be called once the host runs.");

    public SiloStatus Status { get; private set; } = SiloStatus.Created;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _cluster = Cluster.Join(_clusterId, this);
        StartClock();
        Status = SiloStatus.Active;
        Log.SiloStarted(Name, _clusterId, _cluster.Silos.Length);
        return Task.CompletedTask;
    }

    /// <summary>Deactivates its grains, then leaves. If there is no time for that, <paramref name="cancellationToken"/> says so.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_cluster is null || IsDead)
        {
            return;
        }

        Status = SiloStatus.ShuttingDown;
        try
        {
            while (!cancellationToken.IsCancellationRequested
                && Cluster.ActivationsOf(this).ToArray() is { Length: > 0 } activations)
            {
                foreach (var activation in activations)
                {
                    activation.Deactivate(
                        new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo stops."), CancellationToken.None);
                }

                await Task.WhenAll(activations.Select(activation => activation.Deactivated)).WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // No time left: what still runs is lost.
        }

        Die();
    }

    public void Dispose() => Die();

    protected override void OnTick()
    {
        base.OnTick();
        if (Now - _collected >= _collection.CollectionQuantum.TotalMilliseconds)
        {
            _collected = Now;
            var limit = Now - (long)_collection.CollectionAge.TotalMilliseconds;
            foreach (var activation in Cluster.ActivationsOf(this))
            {
                activation.DeactivateIfIdleSince(limit);
            }
        }
    }

    private void Die()
    {
        lock (_lock)
        {
            if (_cluster is null || IsDead)
            {
                return;
            }

            Status = SiloStatus.Dead;
            Leave(() => new SiloUnavailableException($"{Label} ({Address}) is gone. Whether the call ran is unknown."));
        }

        foreach (var activation in Cluster.ActivationsOf(this).ToArray())
        {
            activation.Abandon();
            Cluster.Remove(activation);
        }

        Log.SiloStopped(Name);
    }
}
