using System.Collections.Concurrent;

namespace Shortline.LocalEngine;

/// <summary>The clusters that this process takes part in. A test that plays several processes has one for each.</summary>
internal sealed class ClusterRegistry
{
    private readonly ConcurrentDictionary<string, Cluster> _clusters = new(StringComparer.Ordinal);

    /// <summary>Those of this process.</summary>
    public static ClusterRegistry OfProcess { get; } = new();

    /// <summary>Lets a silo or client take part; the first of a process makes the cluster there.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="party">Who comes.</param>
    /// <param name="spansProcesses">Whether the cluster has silos in other processes too.</param>
    public Cluster Join(string id, Party party, bool spansProcesses)
    {
        while (true)
        {
            var cluster = _clusters.GetOrAdd(id, id => new Cluster(id, this));
            if (cluster.TryAdd(party, spansProcesses))
            {
                return cluster;
            }
        }
    }

    public void Remove(Cluster cluster) => _clusters.TryRemove(new KeyValuePair<string, Cluster>(cluster.Id, cluster));
}
