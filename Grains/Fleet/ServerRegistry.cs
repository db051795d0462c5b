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
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changedForController = new(StringComparer.Ordinal);

    /// <summary>External servers, and those that are not ready: the controller is told of them each time, because it may have missed that.</summary>
    private readonly HashSet<string> _always = new(StringComparer.Ordinal);
    private List<EndedServer> _left = [];
    private long _waiting;
    private int _ready;

    /// <summary>The last incarnation of each id that was removed, and when.</summary>
    private readonly Dictionary<string, (long Incarnation, long At)> _ended = new(StringComparer.Ordinal);

    /// <summary>The entries of <see cref="_ended"/>, and former ones, oldest first.</summary>
    private readonly Queue<(string Id, long At)> _endedInOrder = new();

    /// <summary>Mean waiting requests per ready server; 0 if none is ready.</summary>
    public double MeanQueue => _ready == 0 ? 0 : (double)_waiting / _ready;

    /// <summary>Whether <see cref="TakeChanges"/> would return anything.</summary>
    public bool HasChanges => _changed.Count > 0 || _left.Count > 0;

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
            Put(report);
            return RegistryChange.Membership;
        }

        if ((report.Incarnation, report.Sequence).CompareTo((known.Incarnation, known.Sequence)) <= 0)
            return RegistryChange.None;

        if (report is { IsExternal: true, Status: ServerStatus.Stopped })
        {
            Remove(new EndedServer(report.Identity, report.Incarnation));
            return RegistryChange.Membership;
        }

        Count(known, -1);
        if (report.Status != known.Status || report.Incarnation != known.Incarnation || report.Weight != known.Weight
            || report.Port != known.Port || report.Host != known.Host)
        {
            Put(report);
            return RegistryChange.Membership;
        }

        if (report.QueueLength != known.QueueLength || report.InService != known.InService || report.Concurrency != known.Concurrency)
        {
            Put(report);
            return RegistryChange.Queue;
        }

        Count(report, 1);
        _servers[report.Identity] = report;
        if (report.Completed != known.Completed)
            NoteForController(report);
        return RegistryChange.None;
    }

    /// <summary>Returns what has changed since the last call, in no order: the latest reports, and the servers that have left.</summary>
    public (ImmutableArray<ServerResponse> Changed, ImmutableArray<EndedServer> Left) TakeChanges()
    {
        var changes = (_changed.Select(id => _servers[id]).ToImmutableArray(), _left.ToImmutableArray());
        _changed.Clear();
        _left = [];
        return changes;
    }

    /// <summary>Removes a server, unless a later incarnation of it is registered.</summary>
    /// <returns>Whether the server was removed.</returns>
    public bool Remove(EndedServer ended)
    {
        var now = time.GetTimestamp();
        _ended[ended.Identity] = (Math.Max(ended.Incarnation, LastEnded(ended.Identity)), now);
        _endedInOrder.Enqueue((ended.Identity, now));
        ForgetEnded(now);
        if (!_servers.TryGetValue(ended.Identity, out var known) || known.Incarnation > ended.Incarnation)
            return false;

        Count(known, -1);
        _servers.Remove(ended.Identity);
        _changed.Remove(ended.Identity);
        _changedForController.Remove(ended.Identity);
        _always.Remove(ended.Identity);
        _left.Add(ended);
        return true;
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

    /// <summary>
    /// Returns the reports that have changed since the last call, counters included, and those of all servers that are external or not ready.
    /// </summary>
    public ImmutableArray<ServerResponse> TakeChangesForController()
    {
        ImmutableArray<ServerResponse> changes = [.. _changedForController.Concat(_always).Select(id => _servers[id])];
        _changedForController.Clear();
        return changes;
    }

    private void Put(ServerResponse report)
    {
        Count(report, 1);
        _servers[report.Identity] = report;
        _changed.Add(report.Identity);
        NoteForController(report);
    }

    private void NoteForController(ServerResponse report)
    {
        if (report.IsExternal || report.Status != ServerStatus.Ready)
        {
            _always.Add(report.Identity);
            _changedForController.Remove(report.Identity);
        }
        else
        {
            _always.Remove(report.Identity);
            _changedForController.Add(report.Identity);
        }
    }

    /// <summary>Adds a server to the sums, or subtracts it. Queues of external servers do not count: they must not make the fleet grow.</summary>
    private void Count(ServerResponse report, int sign)
    {
        if (report.Status != ServerStatus.Ready || report.IsExternal)
            return;
        _waiting += sign * report.QueueLength;
        _ready += sign;
    }

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
