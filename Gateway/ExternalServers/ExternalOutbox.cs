using System.Net;
using System.Threading.Channels;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Text;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Gateway.ExternalServers;

/// <summary>
/// Holds the latest report of each external server until it is sent to the registry, and the servers that joined by the text protocol, for
/// which this gateway sends reminders.
/// </summary>
internal sealed class ExternalOutbox(LoadBalancerSettings settings, TimeProvider time) : IExternalServers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ExternalReport> _latest = new(StringComparer.Ordinal);

    /// <summary>Servers that joined by the text protocol, and when. They do not report themselves.</summary>
    private readonly Dictionary<string, (ExternalReport Report, long JoinedAt)> _joined = new(StringComparer.Ordinal);

    private readonly Channel<bool> _hasReports = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Completes when there is a new report.</summary>
    public ValueTask<bool> WaitForReports(CancellationToken cancellationToken) => _hasReports.Reader.ReadAsync(cancellationToken);

    /// <summary>Whether an address may report.</summary>
    public bool IsAllowed(IPAddress peer) => settings.AllowExternalFrom.Contains(peer);

    /// <summary>Adds a report. Drops a replay, and any if the outbox already holds twice as many servers as are allowed.</summary>
    public void Add(ExternalReport report)
    {
        lock (_lock)
        {
            var waiting = _latest.GetValueOrDefault(report.Id);
            if (waiting is null ? _latest.Count >= 2 * ExternalServerId.Limit : report.SentAt > 0 && report.SentAt <= waiting.SentAt)
                return;
            _latest[report.Id] = report;
        }

        _hasReports.Writer.TryWrite(true);
    }

    public bool Join(IPAddress peer, IPEndPoint server, int weight = 1)
    {
        if (!MayAnnounce(peer, server))
            return false;
        var report = Announce(server, ExternalStatus.Ready) with { Weight = weight };
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
        if (!MayAnnounce(peer, server))
            return false;
        var report = Announce(server, ExternalStatus.Stopped);
        lock (_lock)
            _joined.Remove(report.Id);
        Add(report);
        return true;
    }

    /// <summary>Takes the reports to send: the new ones, and reminders of the servers that joined.</summary>
    public List<ExternalReport> Take()
    {
        lock (_lock)
        {
            List<ExternalReport> all = [.. _latest.Values, .. _joined.Where(joined => !_latest.ContainsKey(joined.Key)).Select(joined => joined.Value.Report)];
            _latest.Clear();
            return all;
        }
    }

    /// <summary>Returns reports that could not be sent, unless there are newer ones.</summary>
    public void PutBack(List<ExternalReport> reports)
    {
        lock (_lock)
        {
            foreach (var report in reports.Where(report => !report.IsReminder && _latest.Count < ExternalServerId.Limit))
                _latest.TryAdd(report.Id, report);
        }
    }

    /// <summary>Forgets servers that the registry has removed. They have to join again.</summary>
    public void Forget(IReadOnlyList<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                // A server that has just joined again may be reported as removed because of its predecessor.
                if (_joined.TryGetValue(id, out var joined) && time.GetElapsedTime(joined.JoinedAt).TotalMilliseconds > settings.ExternalTimeoutMs + LingerMs)
                    _joined.Remove(id);
            }
        }
    }

    /// <summary>Longer than the registry keeps a server that has ended, in milliseconds.</summary>
    private const int LingerMs = 3000;

    /// <summary>Whether a client may add or remove a server. It has to be on loopback, because this protocol has no signatures.</summary>
    private bool MayAnnounce(IPAddress peer, IPEndPoint server)
    {
        var at = PlainAddress.WithoutMapping(server.Address);
        var isLocal = IPAddress.IsLoopback(PlainAddress.WithoutMapping(peer));
        return server.Port > 0 && !WildcardAddress.Is(at) && isLocal && IsAllowed(peer) && IsAllowed(at);
    }

    private static ExternalReport Announce(IPEndPoint server, ExternalStatus status)
    {
        var plain = new IPEndPoint(PlainAddress.WithoutMapping(server.Address), server.Port);
        return new ExternalReport
        {
            Id = ExternalServerId.Of(plain),
            Address = plain.Address.ToString(),
            Port = plain.Port,
            Status = status,
            IsLocateOnly = true,
        };
    }
}
