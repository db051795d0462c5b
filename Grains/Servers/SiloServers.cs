using System.Collections.Concurrent;
using System.Collections.Immutable;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>
/// The servers of this silo that have started and not ended. A gateway in the same process hands requests to them without a grain call.
/// External servers are not among them: only their grains use them. Thread-safe.
/// </summary>
internal sealed class SiloServers : ILocalServers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Pool, string Id), ServerGrain> _servers = [];

    /// <summary>Those that take requests by a direct call. Read once for every batch, so without the lock.</summary>
    private readonly ConcurrentDictionary<(string Pool, string Id), ServerGrain> _open = new();
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

    /// <summary>Lets gateways of this process hand requests to a server that has started.</summary>
    public void Open(string pool, string id, ServerGrain server) => _open[(pool, id)] = server;

    /// <inheritdoc/>
    public bool TrySubmit(
        string pool, string id, in RequestBatch batch, IGatewayObserver replyTo, ReceiptMemory memory, out BatchReceipt receipt)
    {
        if (_open.TryGetValue((pool, id), out var server))
            return server.TrySubmit(batch, replyTo, memory, out receipt);
        receipt = default;
        return false;
    }

    /// <summary>Removes a server that has ended, unless another one has its id by now.</summary>
    public void Remove(string pool, string id, ServerGrain server)
    {
        _open.TryRemove(KeyValuePair.Create((pool, id), server));
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

    /// <summary>The reports of a pool's servers, except those that are in the middle of something.</summary>
    public ImmutableArray<ServerResponse> ReportsOf(string pool)
    {
        var reports = ImmutableArray.CreateBuilder<ServerResponse>();
        foreach (var (key, server) in _open)
        {
            if (key.Pool == pool && server.TryReport(out var report))
                reports.Add(report);
        }

        return reports.ToImmutable();
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
