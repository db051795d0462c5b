using System.Diagnostics.CodeAnalysis;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.Destinations;

/// <summary>
/// The servers that this gateway knows from the ranking. Its lock protects all destinations, with the choice among them and their outboxes.
/// A thread that holds the lock of a <see cref="RequestShard"/> may take this one, never the other way round.
/// </summary>
internal sealed class ServerFleet(DispatcherParts parts, Clock clock)
{
    /// <summary>Changes that wait for earlier ones, at most. Then a whole ranking comes sooner.</summary>
    private const int MostEarly = 16;

    private readonly Dictionary<string, Destination> _byId = new(StringComparer.Ordinal);

    /// <summary>All destinations, including former ones whose id now belongs to a server on another silo.</summary>
    private readonly List<Destination> _all = [];

    private readonly List<Destination> _watched = [];

    /// <summary>Changes that came before earlier ones: Orleans may deliver pushes in another order than they were sent.</summary>
    private readonly List<ServerRanking> _early = [];

    private readonly List<string> _unreachable = [];

    public Lock Lock { get; } = new();

    /// <summary>The source of randomness. Not safe for several threads, so the caller holds <see cref="Lock"/>.</summary>
    public Random Random => parts.Random;

    /// <summary>The servers in the ranking, and the ones that left it a moment ago.</summary>
    public List<Destination> All => _all;

    /// <summary>
    /// The destinations about which there is something to look at in a sweep: see <see cref="Destination.NeedsWatch"/>. It grows when requests
    /// are sent to servers, so loop over it by index.
    /// </summary>
    public List<Destination> Watched => _watched;

    /// <summary>Chooses among the servers.</summary>
    public ServerChoice Choice { get; } = new(parts.Settings, clock, parts.Random);

    /// <summary>The batches of the outboxes.</summary>
    public BatchPool Batches { get; } = new(parts.Settings.BatchLimit);

    public int Gateways { get; private set; } = 1;

    public long Version { get; private set; }

    /// <summary>Finds the destination of a server. If the incarnation is that of a former destination, returns that one.</summary>
    public bool TryGet(string id, long incarnation, [NotNullWhen(true)] out Destination? server)
    {
        if (!_byId.TryGetValue(id, out server) || server.Queue.Incarnation <= incarnation)
            return server is not null;

        foreach (var former in _all)
        {
            if (former.Queue.Incarnation == incarnation && string.Equals(former.Id, id, StringComparison.Ordinal))
                server = former;
        }

        return true;
    }

    /// <summary>
    /// Applies a ranking unless it is older than the present one. Changes wait for the changes before them; if these are lost, the next
    /// whole ranking replaces them.
    /// </summary>
    /// <param name="ranking">The ranking, or its changes.</param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="lost">
    /// Receives the destinations whose server is gone or has restarted, so that requests in flight there will not be answered.
    /// </param>
    /// <param name="added">Receives the new destinations.</param>
    public void Apply(ServerRanking ranking, long now, List<Destination> lost, List<Destination> added)
    {
        if (ranking.Version <= Version)
            return;
        if (ranking.Since != 0 && ranking.Since != Version)
        {
            if (_early.Count == MostEarly)
                _early.RemoveAt(0);
            _early.Add(ranking);
            return;
        }

        for (ServerRanking? next = ranking; next is not null; next = _early.Find(early => early.Since == Version))
            ApplyNow(next, now, lost, added);
        _early.RemoveAll(early => early.Version <= Version);
    }

    /// <summary>Removes the destinations from <see cref="Watched"/> that need no watch any more.</summary>
    public void PruneWatched() => _watched.RemoveAll(static server => !(server.IsWatched = server.NeedsWatch));

    /// <summary>Removes a destination whose server left the ranking.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Forget(Destination server)
    {
        if (!_all.Remove(server))
            return false;
        _watched.Remove(server);
        Choice.Remove(server);
        if (_byId.TryGetValue(server.Id, out var current) && current == server)
            _byId.Remove(server.Id);
        return true;
    }

    /// <summary>Chooses a server for a request: see <see cref="ServerChoice.Pick"/>.</summary>
    public Destination? Pick(ReadOnlySpan<int> tried, bool careful, ulong key, long now) => Choice.Pick(tried, careful, key, Gateways, now);

    /// <summary>Whether there is another server that is considered good and was not tried.</summary>
    public bool HasOtherThan(Destination server, ReadOnlySpan<int> tried, long now) => Choice.HasOtherThan(server, tried, Gateways, now);

    /// <summary>Chooses a server for a client that connects to it directly, and counts that client there.</summary>
    public Destination? PickLocation(bool inJson, ulong key, long now)
    {
        var server = Choice.PickLocation(inJson, key, Gateways, now);
        server?.CountLocated();
        return server;
    }

    /// <summary>Sends nothing more to a server until it is heard from, and reports it to the balancer.</summary>
    public void MarkUnreachable(Destination server)
    {
        if (server.Unreachable)
            return;
        server.Unreachable = true;
        _unreachable.Add(server.Id);
        parts.ServersUnreachable?.Invoke();
    }

    /// <summary>Returns each server once that became unreachable, unless <see cref="AddUnreachable"/> is called.</summary>
    public List<string> TakeUnreachable()
    {
        List<string> taken = [.. _unreachable];
        _unreachable.Clear();
        return taken;
    }

    /// <summary>Adds servers to the next <see cref="TakeUnreachable"/>.</summary>
    public void AddUnreachable(IEnumerable<string> servers) => _unreachable.AddRange(servers.Except(_unreachable, StringComparer.Ordinal).ToList());

    private void ApplyNow(ServerRanking ranking, long now, List<Destination> lost, List<Destination> added)
    {
        Version = ranking.Version;
        Gateways = Math.Max(1, ranking.GatewayCount);
        Choice.Use(ranking.Algorithm);
        if (ranking.Since == 0)
        {
            foreach (var server in _all)
                server.Retired = true;
        }

        foreach (var ended in ranking.Ended)
        {
            if (_byId.TryGetValue(ended.Identity, out var server) && server.Queue.Incarnation <= ended.Incarnation)
                Retire(server, lost);
        }

        foreach (var report in ranking.Servers)
        {
            if (!_byId.TryGetValue(report.Identity, out var server) || IsAnotherServer(server, report))
            {
                if (server is { Retired: false } && ranking.Since != 0)
                    Retire(server, lost);
                server = Add(report, now);
                added.Add(server);
            }

            server.Retired = false;
            server.LeftAt = null;
            if (report.Incarnation >= server.Queue.Incarnation)
                Update(server, report, now, lost);

            var takes = server is { Status: ServerStatus.Ready, Weight: > 0 };
            Choice.Set(server, mayServe: takes && !server.IsLocateOnly, mayBeLocated: takes && server.HasLocation);
        }

        if (ranking.Since == 0)
        {
            foreach (var server in _all)
            {
                if (server.Retired)
                    Retire(server, lost);
            }
        }
    }

    private void Retire(Destination server, List<Destination> lost)
    {
        server.Retired = true;
        Choice.Set(server, mayServe: false, mayBeLocated: false);
        lost.Add(server);
    }

    private static bool IsAnotherServer(Destination server, ServerResponse report) =>
        report.Incarnation > server.Queue.Incarnation && !string.Equals(report.SiloAddress, server.SiloAddress, StringComparison.Ordinal);

    private Destination Add(ServerResponse report, long now)
    {
        var isLocal = string.Equals(report.SiloAddress, parts.SiloAddress, StringComparison.Ordinal);
        var grain = parts.GrainOf(report.Identity, report.SiloAddress);
        var server = new Destination(report.Identity, report.SiloAddress, isLocal, grain, Batches)
        {
            HeardAt = now,
            IsCalledDirectly = isLocal && parts.LocalServers is not null,
        };
        _byId[report.Identity] = server;
        _all.Add(server);
        server.WatchIn(_watched);
        Choice.Add(server);
        return server;
    }

    private void Update(Destination server, ServerResponse report, long now, List<Destination> lost)
    {
        if (report.Incarnation > server.Queue.Incarnation && server.Queue.Incarnation != 0)
            lost.Add(server);

        if (report.Incarnation > server.Queue.Incarnation)
        {
            server.Stalled = false;
            server.ReadySince = now - clock.Ticks(report.ReadyForMs);
        }

        if (server.Learn(new QueueState(report.Incarnation, report.Sequence, report.Load, Math.Min(report.Load, server.InFlight)), now))
        {
            // The server is reachable again. Whether it also works shows only in its responses, unless it has no requests.
            server.Unreachable = false;
            server.Stalled &= report.Load > 0;
        }

        server.Status = report.Status;
        server.Concurrency = Math.Max(1, report.Concurrency);
        server.Weight = report.Weight;
        server.IsLocateOnly = report.IsLocateOnly;
        server.ServiceTimeMs = report.ServiceTimeMs;
        server.RestingClients = report.RestingClients;
        if (report is { IsLocateOnly: true, ResponseTimeMs: > 0 })
            Choice.ObserveProbes(server, report.ResponseTimeMs, now);
        server.LiveAt(report.Host, report.Port);
    }
}
