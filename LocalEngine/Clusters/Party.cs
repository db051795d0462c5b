using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>Who takes part in a cluster, a silo or a client: makes references, sends calls and waits for their responses.</summary>
internal abstract class Party : IClusterClient
{
    /// <summary>How often time limits are looked at. They end late by up to two of these, never early.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private static long _observersCreated;

    private readonly ConcurrentDictionary<GrainId, ObserverTarget> _observers = new();
    private readonly long _started;
    private ITimer? _clock;
    private long _now;
    private bool _isDead;

    protected Party(TimeProvider time, ILogger log, TimeSpan responseTimeout)
    {
        Time = time;
        Log = log;
        ResponseTimeout = responseTimeout;
        _started = time.GetTimestamp();
    }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public OutstandingCalls Outstanding { get; } = new();

    public abstract Cluster Cluster { get; }

    /// <summary>Who it is, in messages.</summary>
    public abstract string Label { get; }

    /// <summary>Whether it left the cluster, or is about to.</summary>
    public bool IsDead => Volatile.Read(ref _isDead);

    /// <summary>Milliseconds since it began, as of the last tick: reading it costs nothing.</summary>
    public long Now => Volatile.Read(ref _now);

    private TimeSpan ResponseTimeout { get; }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentNullException.ThrowIfNull(primaryKey);
        return ByKey<TGrainInterface>(primaryKey);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => ByKey<TGrainInterface>($"{primaryKey:x}");

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference or IGrainBase)
        {
            throw new ArgumentException("An observer is neither a grain nor a reference.", nameof(obj));
        }

        var id = new GrainId(ObserverTarget.Kind, $"{Label}/{Interlocked.Increment(ref _observersCreated)}");
        var target = new ObserverTarget(this, obj, id);
        _observers[id] = target;
        return (TGrainObserverInterface)(object)Refer(id, typeof(TGrainObserverInterface), target);
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        if (obj is not GrainReference reference || !_observers.TryRemove(reference.GrainId, out var target))
        {
            throw new ArgumentException("It is not a reference to an observer of this client.", nameof(obj));
        }

        target.Delete();
    }

    /// <summary>A reference of a known id, for this party's calls.</summary>
    public GrainReference Refer(GrainId grainId, Type interfaceType, CallTarget? target)
    {
        var reference = ProxyBuilder.Create(interfaceType);
        reference.Bind(this, grainId, target);
        return reference;
    }

    /// <summary>Finds who takes a call; if nobody does, fails it.</summary>
    public bool TryLocate(Call call, CallTarget? former, [NotNullWhen(true)] out CallTarget? target)
    {
        target = null;
        try
        {
            if (former is { IsObserver: true })
            {
                throw former.Lost();
            }

            target = IsDead
                ? throw new SiloUnavailableException($"{Label} has left the cluster: {call.Name} cannot be called.")
                : Cluster.Locate(call.GrainId);
            return true;
        }
        catch (Exception exception)
        {
            call.TryFail(exception);
            return false;
        }
    }

    /// <summary>When a call made now has to have its response.</summary>
    public long DeadlineOf(GrainMethod method)
    {
        var timeout = method.ResponseTimeout ?? ResponseTimeout;
        return timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Now + (long)(timeout + Tick).TotalMilliseconds;
    }

    /// <summary>A one-way call that this party made did not go well: nobody is told.</summary>
    public void OnOneWayFailed(Call call, Exception exception) => Log.OneWayFailed(exception, call.Name, call.GrainId);

    /// <summary>An observer that was made here, or null.</summary>
    public ObserverTarget? FindObserver(GrainId id) => _observers.GetValueOrDefault(id);

    /// <summary>What callers are told when it is gone while they wait.</summary>
    public abstract Exception Lost();

    /// <summary>Forgets an observer whose object is gone.</summary>
    public void Forget(GrainId observer) => _observers.TryRemove(observer, out _);

    /// <summary>Begins to look at time limits.</summary>
    protected void StartClock() => _clock = Time.CreateTimer(static party => ((Party)party!).OnTick(), this, Tick, Tick);

    /// <summary>From now on it is dead. Whoever is told so has it leave; another thread may have been first.</summary>
    protected bool TryEnd() => !Interlocked.Exchange(ref _isDead, true);

    /// <summary>Leaves the cluster: its own calls fail, and so do the others' calls of what lives in it.</summary>
    protected void Leave()
    {
        _clock?.Dispose();
        Cluster.Leave(this);
        Outstanding.Fail(_ => Lost());
        Cluster.FailCallsTo(this);
    }

    /// <summary>Does what is due.</summary>
    protected virtual void OnTick()
    {
        var now = (long)Time.GetElapsedTime(_started).TotalMilliseconds;
        Volatile.Write(ref _now, now);
        Outstanding.Fail(call => call.Deadline > now ? null : TimeoutOf(call));
    }

    private TimeoutException TimeoutOf(Call call) => new(
        $"No response to {call.Name} of {call.GrainId} within {call.Method.ResponseTimeout ?? ResponseTimeout}"
        + $" ({call.Target?.Describe() ?? "never sent"}). Whether it ran is unknown.");

    /// <summary>The kind of grain behind an interface.</summary>
    protected abstract string KindOf(Type interfaceType);

    private TGrainInterface ByKey<TGrainInterface>(string key) =>
        (TGrainInterface)(object)Refer(new GrainId(KindOf(typeof(TGrainInterface)), key), typeof(TGrainInterface), target: null);
}
