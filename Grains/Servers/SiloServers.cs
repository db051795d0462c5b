using System.Collections.Concurrent;

namespace Shortline.Grains.Servers;

/// <summary>The servers of this silo that have started and not ended. Safe from any thread.</summary>
internal sealed class SiloServers
{
    private readonly ConcurrentDictionary<(string Pool, string Id), ServerGrain> _servers = new();

    /// <summary>Adds a server that has started.</summary>
    public void Add(string pool, string id, ServerGrain server) => _servers[(pool, id)] = server;

    /// <summary>Removes a server that has ended, unless another one has its id by now.</summary>
    public void Remove(string pool, string id, ServerGrain server) => _servers.TryRemove(KeyValuePair.Create((pool, id), server));

    /// <summary>The ids of a pool's servers.</summary>
    public IReadOnlyList<string> Of(string pool) => [.. _servers.Keys.Where(key => key.Pool == pool).Select(key => key.Id)];
}
