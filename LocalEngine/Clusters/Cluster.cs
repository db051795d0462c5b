using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>The silos and clients of one cluster in this process, where its grains are, and what they store.</summary>
internal sealed class Cluster(string id)
{
    private static readonly ConcurrentDictionary<string, Cluster> All = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<GrainId, Activation> _directory = new();
    private ImmutableArray<Party> _parties = [];
    private ImmutableArray<LocalSilo> _silos = [];

    public string Id => id;

    /// <summary>Silos that have joined and not left.</summary>
    public ImmutableArray<LocalSilo> Silos => _silos;

    public MemoryStorage Storage { get; } = new();

    /// <summary>The activations of a silo.</summary>
    public IEnumerable<Activation> ActivationsOf(LocalSilo silo) => _directory.Values.Where(activation => activation.Silo == silo);

    /// <summary>The activation of a grain, if there is one.</summary>
    public Activation? Find(GrainId grainId) => _directory.GetValueOrDefault(grainId);

    /// <summary>Lets a silo or client take part; the first makes the cluster.</summary>
    /// <exception cref="SiloUnavailableException">A client comes and there is no silo.</exception>
    public static Cluster Join(string id, Party party)
    {
        while (true)
        {
            var cluster = All.GetOrAdd(id, static id => new Cluster(id));
            lock (cluster._lock)
            {
                if (All.GetValueOrDefault(id) != cluster)
                {
                    continue;
                }

                cluster.Add(party);
                return cluster;
            }
        }
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

            if (_parties.IsEmpty)
            {
                All.TryRemove(new KeyValuePair<string, Cluster>(id, this));
            }
        }
    }

    /// <summary>Ends the calls that wait for something in <paramref name="lost"/>.</summary>
    public void FailCallsTo(Party lost, Func<Exception> reason)
    {
        foreach (var party in _parties)
        {
            party.Outstanding.Fail(call => call.Target?.Owner == lost ? reason() : null);
        }
    }

    /// <summary>The grain's activation, a new one if it has none.</summary>
    /// <exception cref="SiloUnavailableException">No silo takes it.</exception>
    public Activation Locate(GrainId grainId)
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

            var @class = GrainClasses.Of(grainId.Kind);
            var silo = Place(grainId, @class)
                ?? throw new SiloUnavailableException($"No silo of cluster '{id}' is active in this process: {grainId} cannot be called.");
            var added = new Activation(silo, grainId, @class);
            if (_directory.TryAdd(grainId, added))
            {
                return added;
            }
        }
    }

    /// <summary>The silo for a new activation of a grain; null if there is none.</summary>
    public LocalSilo? Place(GrainId grainId, GrainClass @class)
    {
        LocalSilo[] silos = [.. _silos.Where(silo => silo.Status == SiloStatus.Active)];
        return silos.Length == 0 ? null : (LocalSilo?)Placer.Place(grainId, @class, silos, silos[0].ServiceProvider);
    }

    /// <summary>Takes an activation that has ended out of the directory.</summary>
    public void Remove(Activation ended) => _directory.TryRemove(new KeyValuePair<GrainId, Activation>(ended.GrainId, ended));

    private void Add(Party party)
    {
        if (party is LocalSilo silo)
        {
            if (_silos.FirstOrDefault(other => other.Address.Port == silo.Address.Port) is { } other)
            {
                throw new InvalidOperationException(
                    $"Port {silo.Address.Port} is that of silo {other.Name} of cluster '{id}' already: give each silo its own.");
            }

            _silos = _silos.Add(silo);
        }
        else if (_silos.IsEmpty)
        {
            throw new SiloUnavailableException($"No silo of cluster '{id}' runs in this process.");
        }

        _parties = _parties.Add(party);
    }
}
