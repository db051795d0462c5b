using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A cluster as this process sees it: its own silos and clients, where its grains are, what they store, and the others.</summary>
internal sealed class Cluster(string id, ClusterRegistry registry)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<GrainId, Activation> _directory = new();
    private ImmutableArray<Party> _parties = [];
    private ImmutableArray<LocalSilo> _silos = [];
    private bool _isOver;

    public string Id => id;

    /// <summary>The part of it in other processes; null if it has none.</summary>
    public ClusterNetwork? Network { get; private set; }

    /// <summary>Silos that have joined and not left, this process's first.</summary>
    public IReadOnlyList<IClusterSilo> Silos => [.. _silos, .. Network?.Silos ?? []];

    public IStateStore Storage { get; private set; } = new MemoryStorage();

    /// <summary>The activations of a silo of this process.</summary>
    public IEnumerable<Activation> ActivationsOf(LocalSilo silo) => _directory.Values.Where(activation => activation.Silo == silo);

    /// <summary>The activation of a grain in this process, if there is one.</summary>
    public Activation? Find(GrainId grainId) => _directory.GetValueOrDefault(grainId);

    /// <summary>Lets somebody take part, unless the last one has just left.</summary>
    public bool TryAdd(Party party, bool spansProcesses)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return false;
            }

            if (party is LocalSilo silo && _silos.FirstOrDefault(other => other.Address.Port == silo.Address.Port) is { } other)
            {
                throw new InvalidOperationException(
                    $"Port {silo.Address.Port} is that of silo {other.Name} of cluster '{id}' already: give each silo its own.");
            }

            _parties = _parties.Add(party);
            if (spansProcesses && Network is null)
            {
                Network = new ClusterNetwork(this, party.Time, party.Log);
                Storage = Network.Storage;
                Network.Start();
            }

            return true;
        }
    }

    /// <summary>A silo that has joined hosts grains from now on.</summary>
    public void Open(LocalSilo silo)
    {
        lock (_lock)
        {
            _silos = _silos.Add(silo);
        }

        OnSilosChanged();
    }

    public void Leave(Party party)
    {
        lock (_lock)
        {
            _parties = _parties.Remove(party);
            if (party is LocalSilo silo)
            {
                _silos = _silos.Remove(silo);
            }

            _isOver = _parties.IsEmpty;
        }

        if (_isOver)
        {
            registry.Remove(this);
            Network?.Dispose();
        }
    }

    /// <summary>Ends the calls that wait for something in <paramref name="lost"/>.</summary>
    public void FailCallsTo(Party lost)
    {
        foreach (var party in _parties)
        {
            party.Outstanding.Fail(call => call.Target?.Owner == lost ? lost.Lost() : null);
        }
    }

    /// <summary>Who takes calls of a grain: its activation, a new one if it has none, or its silo in another process.</summary>
    /// <exception cref="SiloUnavailableException">No silo takes it.</exception>
    public CallTarget Locate(GrainId grainId)
    {
        while (true)
        {
            if (_directory.TryGetValue(grainId, out var known))
            {
                if (!known.IsGone)
                {
                    return known;
                }

                Remove(known);
            }

            switch (_silos.IsEmpty ? Network?.Guess(grainId) : Place(grainId, GrainClasses.Of(grainId.Kind)))
            {
                case RemoteSilo silo:
                    return silo.TargetOf(grainId);
                case LocalSilo silo:
                    var added = new Activation(silo, grainId, GrainClasses.Of(grainId.Kind));
                    if (_directory.TryAdd(grainId, added))
                    {
                        return added;
                    }

                    break;
                default:
                    throw new SiloUnavailableException($"No silo of cluster '{id}' is active: {grainId} cannot be called.");
            }
        }
    }

    /// <summary>The silo of a grain, as a process with silos of its own sees it; null if there is none.</summary>
    public IClusterSilo? Place(GrainId grainId, GrainClass @class)
    {
        var services = _silos[0].ServiceProvider;
        try
        {
            return Placer.Place(grainId, @class, Active(), services);
        }
        catch (SiloUnavailableException) when (Network is not null)
        {
            // It may have joined a moment ago.
            Network.Look();
            return Placer.Place(grainId, @class, Active(), services);
        }

        IReadOnlyList<IClusterSilo> Active() => [.. Silos.Where(silo => silo.Status == SiloStatus.Active)];
    }

    /// <summary>Takes an activation that has ended out of the directory.</summary>
    public void Remove(Activation ended) => _directory.TryRemove(new KeyValuePair<GrainId, Activation>(ended.GrainId, ended));

    /// <summary>Silos came or went: grains that live elsewhere now end here. Silos of one process leave theirs where they are.</summary>
    public void OnSilosChanged()
    {
        if (Network is null || _silos.IsEmpty)
        {
            return;
        }

        foreach (var activation in _directory.Values)
        {
            if (activation.Class.Placement is null && Place(activation.GrainId, activation.Class) is RemoteSilo)
            {
                activation.MoveAway();
            }
        }
    }

    /// <summary>The others take a silo of this process for dead: it ends, and with it the program, for its grains live elsewhere by now.</summary>
    public void OnDeclaredDead(LocalMember member)
    {
        if (_silos.FirstOrDefault(silo => silo.Member == member) is { } silo && silo.TryDie())
        {
            silo.Log.ToldDead(silo.Name, Suspicion.Limit.TotalSeconds);
            if (silo.ServiceProvider.GetService<IFatalErrorHandler>() is { } handler)
            {
                handler.OnFatalException(silo, "the others have declared it dead");
            }
            else
            {
                silo.ServiceProvider.GetService<IHostApplicationLifetime>()?.StopApplication();
            }
        }
    }

    /// <summary>An observer of this process, or null.</summary>
    public ObserverTarget? FindObserver(GrainId id) => _parties.Select(party => party.FindObserver(id)).FirstOrDefault(found => found is not null);

    /// <summary>Who of this process answers for a grain or observer.</summary>
    public Party PartyOf(GrainId id) =>
        _parties.FirstOrDefault(party => party.FindObserver(id) is not null) ?? (_silos.IsEmpty ? _parties[0] : _silos[0]);
}
