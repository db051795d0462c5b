using System.Diagnostics.CodeAnalysis;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Requests;

/// <summary>The servers that this gateway knows from the ranking.</summary>
/// <remarks>Protected by the dispatcher's lock.</remarks>
internal sealed class ServerFleet(
    LoadBalancerSettings settings, Clock clock, Random random, Func<string, string, IServerGrain> grainOf, string? ownSilo, bool callsDirectly)
{
    /// <summary>Changes that wait for earlier ones, at most. Then a whole ranking comes sooner.</summary>
    private const int MostEarly = 16;

    private readonly Dictionary<string, ServerLink> _links = new(StringComparer.Ordinal);

    /// <summary>All links, including former ones whose id now belongs to a server on another silo.</summary>
    private readonly List<ServerLink> _all = [];

    private readonly List<ServerLink> _watched = [];

    /// <summary>Changes that came before earlier ones: Orleans may deliver pushes in another order than they were sent.</summary>
    private readonly List<ServerRanking> _early = [];

    /// <summary>The servers in the ranking, and the ones that left it a moment ago.</summary>
    public List<ServerLink> Links => _all;

    /// <summary>
    /// The links about which there is something to look at in a sweep: see <see cref="ServerLink.NeedsWatch"/>. It grows when requests are
    /// sent to servers, so loop over it by index.
    /// </summary>
    public List<ServerLink> Watched => _watched;

    /// <summary>Chooses among the servers.</summary>
    public ServerChoice Choice { get; } = new(settings, clock, random);

    public int Gateways { get; private set; } = 1;

    public long Version { get; private set; }

    /// <summary>Finds the link of a server. If the incarnation is that of a former link, returns that one.</summary>
    public bool TryGet(string id, long incarnation, [NotNullWhen(true)] out ServerLink? link)
    {
        if (!_links.TryGetValue(id, out link) || link.News.Incarnation <= incarnation)
        {
            return link is not null;
        }

        foreach (var former in _all)
        {
            if (former.News.Incarnation == incarnation && string.Equals(former.Id, id, StringComparison.Ordinal))
            {
                link = former;
            }
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
    /// Receives the links whose server is gone or has restarted, so that requests in flight there will not be answered.
    /// </param>
    /// <param name="added">Receives the new links.</param>
    public void Apply(ServerRanking ranking, long now, List<ServerLink> lost, List<ServerLink> added)
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

    private void ApplyNow(ServerRanking ranking, long now, List<ServerLink> lost, List<ServerLink> added)
    {
        Version = ranking.Version;
        Gateways = Math.Max(1, ranking.GatewayCount);
        Choice.Use(ranking.Algorithm);
        if (ranking.Since == 0)
        {
            foreach (var link in _all)
                link.Retired = true;
        }

        foreach (var ended in ranking.Ended)
        {
            if (_links.TryGetValue(ended.Identity, out var link) && link.News.Incarnation <= ended.Incarnation)
                Retire(link, lost);
        }

        foreach (var report in ranking.Servers)
        {
            if (!_links.TryGetValue(report.Identity, out var link) || IsAnotherServer(link, report))
            {
                if (link is { Retired: false } && ranking.Since != 0)
                    Retire(link, lost);
                link = Add(report, now);
                added.Add(link);
            }

            link.Retired = false;
            link.LeftAt = null;
            if (report.Incarnation >= link.News.Incarnation)
                Update(link, report, now, lost);

            var takes = link is { Status: ServerStatus.Ready, Weight: > 0 };
            Choice.Set(link, mayServe: takes && !link.IsLocateOnly, mayBeLocated: takes && link.HasLocation);
        }

        if (ranking.Since == 0)
        {
            foreach (var link in _all)
            {
                if (link.Retired)
                    Retire(link, lost);
            }
        }
    }

    /// <summary>Removes the links from <see cref="Watched"/> that need no watch any more.</summary>
    public void PruneWatched() => _watched.RemoveAll(static link => !(link.IsWatched = link.NeedsWatch));

    /// <summary>Removes a link whose server left the ranking.</summary>
    public void Forget(ServerLink link)
    {
        _all.Remove(link);
        _watched.Remove(link);
        Choice.Remove(link);
        if (_links.TryGetValue(link.Id, out var current) && current == link)
        {
            _links.Remove(link.Id);
        }
    }

    /// <summary>Chooses a server for a request: see <see cref="ServerChoice.Pick"/>.</summary>
    public ServerLink? Pick(ReadOnlySpan<int> tried, bool careful, ulong key, long now) => Choice.Pick(tried, careful, key, Gateways, now);

    /// <summary>Whether there is another server that is considered good and was not tried.</summary>
    public bool HasOtherThan(ServerLink server, ReadOnlySpan<int> tried, long now) => Choice.HasOtherThan(server, tried, Gateways, now);

    /// <summary>Chooses a server for a client that connects to it directly.</summary>
    public ServerLink? PickLocation(bool inJson, ulong key, long now) => Choice.PickLocation(inJson, key, Gateways, now);

    private void Retire(ServerLink link, List<ServerLink> lost)
    {
        link.Retired = true;
        Choice.Set(link, mayServe: false, mayBeLocated: false);
        lost.Add(link);
    }

    private static bool IsAnotherServer(ServerLink link, ServerResponse report) =>
        report.Incarnation > link.News.Incarnation && !string.Equals(report.SiloAddress, link.SiloAddress, StringComparison.Ordinal);

    private ServerLink Add(ServerResponse report, long now)
    {
        var isLocal = string.Equals(report.SiloAddress, ownSilo, StringComparison.Ordinal);
        var link = new ServerLink(report.Identity, report.SiloAddress, isLocal, grainOf(report.Identity, report.SiloAddress), settings.BatchLimit)
        {
            HeardAt = now,
            IsCalledDirectly = isLocal && callsDirectly,
        };
        _links[report.Identity] = link;
        _all.Add(link);
        link.WatchIn(_watched);
        Choice.Add(link);
        return link;
    }

    private void Update(ServerLink link, ServerResponse report, long now, List<ServerLink> lost)
    {
        if (report.Incarnation > link.News.Incarnation && link.News.Incarnation != 0)
        {
            lost.Add(link);
        }

        if (report.Incarnation > link.News.Incarnation)
        {
            link.Stalled = false;
            link.ReadySince = now - clock.Ticks(report.ReadyForMs);
        }

        if (link.Learn(new ServerNews(report.Incarnation, report.Sequence, report.Load, Math.Min(report.Load, link.InFlight)), now))
        {
            // The server is reachable again. Whether it also works shows only in its responses, unless it has no requests.
            link.Unreachable = false;
            link.Stalled &= report.Load > 0;
        }

        link.Status = report.Status;
        link.Concurrency = Math.Max(1, report.Concurrency);
        link.Weight = report.Weight;
        link.IsLocateOnly = report.IsLocateOnly;
        link.ServiceTimeMs = report.ServiceTimeMs;
        link.LiveAt(report.Host, report.Port);
    }
}
