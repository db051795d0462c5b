using System.Collections.Immutable;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Fleet;

/// <summary>The latest report of each server of a pool. Used on the balancer's turns only.</summary>
internal sealed class ServerRegistry(TimeProvider time)
{
    /// <summary>How long a late report of a removed server is recognised. A report is under way for seconds at most.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    /// <summary>Removed servers that are remembered at most: external servers may come and go under any ids.</summary>
    internal const int MostRemembered = 10_000;

    private readonly Dictionary<string, ServerResponse> _servers = new(StringComparer.Ordinal);

    /// <summary>The last incarnation of each id that was removed, and when.</summary>
    private readonly Dictionary<string, (long Incarnation, long At)> _ended = new(StringComparer.Ordinal);

    /// <summary>The entries of <see cref="_ended"/>, and former ones, oldest first.</summary>
    private readonly Queue<(string Id, long At)> _endedInOrder = new();

    /// <summary>Mean waiting requests per ready server; 0 if none is ready.</summary>
    public double MeanQueue
    {
        get
        {
            long waiting = 0;
            var ready = 0;
            foreach (var server in _servers.Values)
            {
                // Queues of external servers do not count: they must not make the fleet grow.
                if (server.Status != ServerStatus.Ready || server.IsExternal)
                    continue;
                waiting += server.QueueLength;
                ready++;
            }

            return ready == 0 ? 0 : (double)waiting / ready;
        }
    }

    /// <summary>The number of removed servers that are remembered.</summary>
    internal int RememberedCount => _endedInOrder.Count;

    /// <summary>The latest reports, in no order.</summary>
    public ImmutableArray<ServerResponse> Reports => [.. _servers.Values];

    /// <summary>
    /// Takes a report, unless a later one is known. Removes an external server that has stopped, because no controller does that.
    /// </summary>
    /// <remarks>A server joins only with a report that says ready. Late reports of servers that were removed are ignored.</remarks>
    public RegistryChange Apply(ServerResponse report)
    {
        if (!_servers.TryGetValue(report.Identity, out var known))
        {
            if (report.Status != ServerStatus.Ready || report.Incarnation <= LastEnded(report.Identity))
                return RegistryChange.None;
            _servers.Add(report.Identity, report);
            return RegistryChange.Membership;
        }

        if ((report.Incarnation, report.Sequence).CompareTo((known.Incarnation, known.Sequence)) <= 0)
            return RegistryChange.None;

        if (report is { IsExternal: true, Status: ServerStatus.Stopped })
        {
            Remove(new EndedServer(report.Identity, report.Incarnation));
            return RegistryChange.Membership;
        }

        _servers[report.Identity] = report;
        if (report.Status != known.Status || report.Incarnation != known.Incarnation || report.Weight != known.Weight
            || report.Port != known.Port || report.Host != known.Host)
            return RegistryChange.Membership;
        return report.QueueLength == known.QueueLength && report.InService == known.InService && report.Concurrency == known.Concurrency
            ? RegistryChange.None
            : RegistryChange.Queue;
    }

    /// <summary>Removes a server, unless a later incarnation of it is registered.</summary>
    /// <returns>Whether the server was removed.</returns>
    public bool Remove(EndedServer ended)
    {
        var now = time.GetTimestamp();
        _ended[ended.Identity] = (Math.Max(ended.Incarnation, LastEnded(ended.Identity)), now);
        _endedInOrder.Enqueue((ended.Identity, now));
        ForgetEnded(now);
        return _servers.TryGetValue(ended.Identity, out var known) && known.Incarnation <= ended.Incarnation && _servers.Remove(ended.Identity);
    }

    /// <summary>
    /// All reports: servers that take work first, then by load per worker, then by id, so that equal servers keep their order.
    /// </summary>
    public ImmutableArray<ServerResponse> Ranked() =>
    [
        .. _servers.Values
            .OrderBy(server => server.Status == ServerStatus.Ready && server.Weight > 0 ? 0 : 1)
            .ThenBy(server => (double)server.Load / Math.Max(1, server.Concurrency))
            .ThenBy(server => server.Identity.Length)
            .ThenBy(server => server.Identity, StringComparer.Ordinal),
    ];

    private long LastEnded(string id) => _ended.TryGetValue(id, out var ended) ? ended.Incarnation : long.MinValue;

    private void ForgetEnded(long now)
    {
        while (_endedInOrder.TryPeek(out var oldest) && (_endedInOrder.Count > MostRemembered || time.GetElapsedTime(oldest.At, now) > Remembered))
        {
            _endedInOrder.Dequeue();
            if (_ended.TryGetValue(oldest.Id, out var ended) && ended.At == oldest.At)
                _ended.Remove(oldest.Id);
        }
    }
}

/// <summary>What a report changed, from the least to the most.</summary>
internal enum RegistryChange
{
    /// <summary>Nothing changed: the report is old or contains nothing new.</summary>
    None,

    /// <summary>Queue lengths: gateways may hear of them a moment later.</summary>
    Queue,

    /// <summary>The set of servers or a status: gateways must hear of it at once.</summary>
    Membership,
}
