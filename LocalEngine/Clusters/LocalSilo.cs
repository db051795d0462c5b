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

    private readonly ClusterOptions _options;
    private readonly ClusterRegistry _registry;
    private readonly GrainCollectionOptions _collection;
    private Cluster? _cluster;
    private readonly ManualResetEventSlim _isOpen = new();
    private Listener? _listener;
    private long _collected;

    public LocalSilo(
        IServiceProvider services,
        TimeProvider time,
        ILogger<LocalSilo> log,
        IOptions<ClusterOptions> cluster,
        IOptions<SiloOptions> silo,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        ClusterRegistry registry)
        : base(time, log, messaging.Value.ResponseTimeout)
    {
        ServiceProvider = services;
        _options = cluster.Value;
        _registry = registry;
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

    /// <summary>What the others know of it; null in a cluster within one process.</summary>
    public LocalMember? Member { get; private set; }

    /// <summary>Until when it may run grains without asking whether it is still alive: a timestamp.</summary>
    public long LeaseUntil => Member?.LeaseUntil ?? long.MaxValue;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var cluster = _registry.Join(_options.ClusterId, this, _options.SpansProcesses);
        try
        {
            Status = SiloStatus.Active;
            if (cluster.Network is { } network)
            {
                var token = ClusterNetwork.NewToken();
                _listener = new Listener(Address.Port, socket => network.Serve(socket, token, _isOpen));
                _listener.Start();
                Member = network.Publish(this, token);
            }

            _cluster = cluster;
            cluster.Open(this);
            _isOpen.Set();
        }
        catch
        {
            _listener?.Dispose();
            cluster.Leave(this);
            throw;
        }

        StartClock();
        Log.SiloStarted(Name, _options.ClusterId, cluster.Silos.Count);
        return Task.CompletedTask;
    }

    /// <summary>Asks whether the others still take it for alive, which ends it if not.</summary>
    public void RenewLease()
    {
        if (Member?.Renew() == false)
        {
            Cluster.OnDeclaredDead(Member);
        }
    }

    /// <summary>Deactivates its grains, then leaves. If there is no time for that, <paramref name="cancellationToken"/> says so.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_cluster is null || IsDead)
        {
            return;
        }

        Status = SiloStatus.ShuttingDown;
        Member?.Change(Status);
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

        if (Member is { } member && !cancellationToken.IsCancellationRequested)
        {
            Cluster.Network!.Farewell(member);
        }

        TryDie();
    }

    public void Dispose() => TryDie();

    public override Exception Lost() => new SiloUnavailableException($"{Label} ({Address}) is gone. Whether the call ran is unknown.");

    protected override string KindOf(Type interfaceType) => GrainClasses.Implementing(interfaceType).GrainType;

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

    /// <summary>Ends it at once: what runs in it is abandoned.</summary>
    /// <returns>Whether it was alive.</returns>
    public bool TryDie()
    {
        // Without a lock: the last silo of a process waits for the thread that looks at the membership, which may be here as well.
        if (_cluster is null || !TryEnd())
        {
            return false;
        }

        Status = SiloStatus.Dead;
        _listener?.Dispose();

        // In this order: what finds its lease over and the silo withdrawn must not run on.
        Leave();
        if (Member is { } member)
        {
            Cluster.Network!.Withdraw(member);
        }

        foreach (var activation in Cluster.ActivationsOf(this).ToArray())
        {
            activation.Abandon();
            Cluster.Remove(activation);
        }

        Log.SiloStopped(Name);
        return true;
    }
}
