using System.Net;
using System.Threading.Channels;

namespace Shortline.Gateway;

/// <summary>What this gateway has heard of external servers and has not told yet, the latest of each; and those that count on it to be remembered.</summary>
internal sealed class ExternalOutbox(LoadBalancerSettings settings, TimeProvider time) : IExternalServers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ExternalReport> _latest = new(StringComparer.Ordinal);

    /// <summary>Servers that joined and do not report, with the time of it.</summary>
    private readonly Dictionary<string, (ExternalReport Report, long JoinedAt)> _joined = new(StringComparer.Ordinal);

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Completes when there is something new.</summary>
    public ValueTask<bool> WaitForNews(CancellationToken cancellationToken) => _news.Reader.ReadAsync(cancellationToken);

    /// <summary>Whether somebody at an address may report.</summary>
    public bool IsAllowed(IPAddress peer) => settings.AllowExternalFrom.Contains(peer);

    /// <summary>Takes a report in. If there are far more servers than there can be, it is dropped.</summary>
    public void Add(ExternalReport report)
    {
        lock (_lock)
        {
            if (_latest.Count >= 2 * ExternalServerId.Limit && !_latest.ContainsKey(report.Id))
                return;
            _latest[report.Id] = report;
        }

        _news.Writer.TryWrite(true);
    }

    public bool Join(IPAddress peer, IPEndPoint server)
    {
        if (!MaySay(peer, server))
            return false;
        var report = Announce(server, ExternalStatus.Ready);
        lock (_lock)
        {
            if (_joined.Count >= ExternalServerId.Limit && !_joined.ContainsKey(report.Id))
                return false;
            _joined[report.Id] = (report with { IsReminder = true }, time.GetTimestamp());
        }

        Add(report);
        return true;
    }

    public bool Leave(IPAddress peer, IPEndPoint server)
    {
        if (!MaySay(peer, server))
            return false;
        var report = Announce(server, ExternalStatus.Stopped);
        lock (_lock)
            _joined.Remove(report.Id);
        Add(report);
        return true;
    }

    /// <summary>Takes what is to be told: the news, and that those who joined are still counted on.</summary>
    public List<ExternalReport> Take()
    {
        lock (_lock)
        {
            List<ExternalReport> all = [.. _latest.Values, .. _joined.Where(joined => !_latest.ContainsKey(joined.Key)).Select(joined => joined.Value.Report)];
            _latest.Clear();
            return all;
        }
    }

    /// <summary>It could not be told: it is told again, unless there is something newer.</summary>
    public void PutBack(List<ExternalReport> reports)
    {
        lock (_lock)
        {
            foreach (var report in reports.Where(report => !report.IsReminder && _latest.Count < ExternalServerId.Limit))
                _latest.TryAdd(report.Id, report);
        }
    }

    /// <summary>Servers are gone: those among them that joined have to join again.</summary>
    public void Forget(IReadOnlyList<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                // One that has just joined again may meet what is left of its predecessor.
                if (_joined.TryGetValue(id, out var joined) && time.GetElapsedTime(joined.JoinedAt).TotalMilliseconds > settings.ExternalTimeoutMs + LingerMs)
                    _joined.Remove(id);
            }
        }
    }

    /// <summary>More than what is left of a server that has ended stays.</summary>
    private const int LingerMs = 3000;

    private bool MaySay(IPAddress peer, IPEndPoint server)
    {
        var (from, at) = (Plain(peer), Plain(server.Address));
        return server.Port > 0 && !at.Equals(IPAddress.Any) && !at.Equals(IPAddress.IPv6Any) && IsAllowed(from) && (at.Equals(from) || IsAllowed(at));
    }

    private static ExternalReport Announce(IPEndPoint server, ExternalStatus status)
    {
        var plain = new IPEndPoint(Plain(server.Address), server.Port);
        return new ExternalReport
        {
            Id = ExternalServerId.Of(plain),
            Address = plain.Address.ToString(),
            Port = plain.Port,
            Status = status,
            IsLocateOnly = true,
        };
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
