using System.Diagnostics.CodeAnalysis;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Requests;

/// <summary>The servers that this gateway knows from the ranking.</summary>
/// <remarks>Protected by the dispatcher's lock.</remarks>
internal sealed class ServerFleet(
    LoadBalancerSettings settings, Clock clock, Random random, Func<string, string, IServerGrain> grainOf, string? ownSilo)
{
    private readonly Dictionary<string, ServerLink> _links = new(StringComparer.Ordinal);

    /// <summary>All links, including former ones whose id now belongs to a server on another silo.</summary>
    private readonly List<ServerLink> _all = [];

    /// <summary>The servers in the ranking, and the ones that left it a moment ago.</summary>
    public List<ServerLink> Links => _all;

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

    /// <summary>Applies a ranking unless it is older than the present one.</summary>
    /// <param name="lost">
    /// Receives the links whose server is gone or has restarted, so that requests in flight there will not be answered.
    /// </param>
    /// <param name="added">Receives the new links.</param>
    public void Apply(ServerRanking ranking, long now, List<ServerLink> lost, List<ServerLink> added)
    {
        if (ranking.Version <= Version)
        {
            return;
        }

        Version = ranking.Version;
        Gateways = Math.Max(1, ranking.GatewayCount);
        Choice.Use(ranking.Algorithm);

        foreach (var link in _all)
        {
            link.Retired = true;
        }

        foreach (var report in ranking.Servers)
        {
            if (!_links.TryGetValue(report.Identity, out var link) || IsAnotherServer(link, report))
            {
                link = Add(report, now);
                added.Add(link);
            }

            link.Retired = false;
            link.LeftAt = null;
            if (report.Incarnation >= link.News.Incarnation)
            {
                Update(link, report, now, lost);
            }
        }

        foreach (var link in _all)
        {
            if (link.Retired)
            {
                lost.Add(link);
            }
        }

        var taking = _all.FindAll(link => !link.Retired && link.Status == ServerStatus.Ready && link.Weight > 0);
        Choice.SetServers(taking.Where(link => !link.IsLocateOnly), taking.Where(link => link.HasLocation));
    }

    /// <summary>Removes a link whose server left the ranking.</summary>
    public void Forget(ServerLink link)
    {
        _all.Remove(link);
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

    private static bool IsAnotherServer(ServerLink link, ServerResponse report) =>
        report.Incarnation > link.News.Incarnation && !string.Equals(report.SiloAddress, link.SiloAddress, StringComparison.Ordinal);

    private ServerLink Add(ServerResponse report, long now)
    {
        var isLocal = string.Equals(report.SiloAddress, ownSilo, StringComparison.Ordinal);
        var link = new ServerLink(report.Identity, report.SiloAddress, isLocal, grainOf(report.Identity, report.SiloAddress), settings.BatchLimit)
        {
            HeardAt = now,
        };
        _links[report.Identity] = link;
        _all.Add(link);
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

        if (link.Learn(new ServerNews(report.Incarnation, report.Sequence, report.Load, Math.Min(report.Load, link.InFlight))))
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
