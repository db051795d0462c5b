namespace Shortline.Grains.Servers;

/// <summary>The servers of this silo that have started and not ended. Thread-safe.</summary>
internal sealed class SiloServers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Pool, string Id), ServerGrain> _servers = [];
    private bool _isLeaving;

    /// <summary>Adds a server that starts.</summary>
    /// <returns>False if the silo leaves the cluster, in which case the server must not start.</returns>
    public bool TryAdd(string pool, string id, ServerGrain server)
    {
        lock (_lock)
        {
            if (!_isLeaving)
                _servers[(pool, id)] = server;
            return !_isLeaving;
        }
    }

    /// <summary>Removes a server that has ended, unless another one has its id by now.</summary>
    public void Remove(string pool, string id, ServerGrain server)
    {
        lock (_lock)
        {
            if (_servers.GetValueOrDefault((pool, id)) == server)
                _servers.Remove((pool, id));
        }
    }

    /// <summary>The ids of a pool's servers.</summary>
    public IReadOnlyList<string> Of(string pool)
    {
        lock (_lock)
            return [.. _servers.Keys.Where(key => key.Pool == pool).Select(key => key.Id)];
    }

    /// <summary>
    /// The silo leaves: no server starts here any more. A controller may not know that yet, because another activation of it was told.
    /// </summary>
    public void Leave()
    {
        lock (_lock)
            _isLeaving = true;
    }
}
