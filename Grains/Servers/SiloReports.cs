using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Servers;

/// <summary>
/// Sends the reports of a silo's servers, those of many servers in one message. A server whose queue crosses the scaling threshold is
/// reported within <see cref="UrgentPause"/>, one with other changes within <see cref="Pause"/>, and every one each
/// <c>server.queue_update_interval</c>. Thread-safe.
/// </summary>
/// <remarks>A change of status does not wait for this: the server's grain reports it by itself.</remarks>
internal sealed partial class SiloReports : IDisposable
{
    /// <summary>Most time until a crossing of the threshold is reported. A queue that swings about it does not report more often.</summary>
    internal static readonly TimeSpan UrgentPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Most time until another change is reported, in a silo with up to <see cref="ServersAtPause"/> servers.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// With more servers, other changes are reported less often in proportion, so that a silo makes 10,000 reports a second at most. The
    /// gateways that send to a server learn its queue from its responses.
    /// </summary>
    internal const int ServersAtPause = 1000;

    private readonly IServerReports _destination;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _heartbeat;
    private readonly ConcurrentDictionary<ServerReporter, bool> _reporters = new();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly ITimer _heartbeatTimer;
    private List<ServerReporter> _urgent = [];
    private List<ServerReporter> _others = [];
    private long _othersAt = long.MaxValue;
    private long _timerAt = long.MaxValue;

    public SiloReports(ShortlineSettings settings, IServerReports destination, TimeProvider time, ILocalSiloDetails silo, ILoggerFactory loggers)
    {
        (_destination, _time, _log) = (destination, time, loggers.CreateLogger(LogCategories.Silo(silo.Name)));
        Threshold = settings.LoadBalancer.ServerScalingThreshold;
        _heartbeat = (long)(settings.Server.QueueUpdateInterval * time.TimestampFrequency);

        // Nothing of the grain that happens to create this may flow into the timers.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(_ => Send(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            // Those that are half due are sent too, so that none is ever late.
            var half = TimeSpan.FromSeconds(settings.Server.QueueUpdateInterval / 2);
            _heartbeatTimer = time.CreateTimer(_ => SendHeartbeats(), null, half, half);
        }
    }

    /// <summary>The queue length above which the fleet grows.</summary>
    public int Threshold { get; }

    /// <summary>Begins to send the reports of a server.</summary>
    public void Add(ServerReporter reporter) => _reporters[reporter] = true;

    /// <summary>Ends that. A report that is requested already is not sent either.</summary>
    public void Remove(ServerReporter reporter) => _reporters.TryRemove(reporter, out _);

    /// <summary>Requests a report of a server. Called under the server's lock, once until the report is taken.</summary>
    /// <param name="reporter">The server's reporter.</param>
    /// <param name="isUrgent">Whether its queue has crossed the threshold.</param>
    public void Request(ServerReporter reporter, bool isUrgent)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (isUrgent)
            {
                _urgent.Add(reporter);
                SetTimer(now + _time.TimestampUnits((long)UrgentPause.TotalMilliseconds), now);
            }
            else
            {
                _others.Add(reporter);
                if (_othersAt == long.MaxValue)
                    _othersAt = now + _time.TimestampUnits((long)Pause.TotalMilliseconds * Math.Max(1, _reporters.Count / ServersAtPause));
                SetTimer(_othersAt, now);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _heartbeatTimer.Dispose();
    }

    /// <summary>Sends what is due. Servers that are in the middle of something are asked again a moment later.</summary>
    private void Send()
    {
        List<ServerReporter> due;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _timerAt = long.MaxValue;
            (due, _urgent) = (_urgent, []);
            if (now >= _othersAt)
            {
                due.AddRange(_others);
                (_others, _othersAt) = ([], long.MaxValue);
            }
            else if (_others.Count > 0)
            {
                SetTimer(_othersAt, now);
            }
        }

        Send(due);
    }

    private void SendHeartbeats()
    {
        var before = _time.GetTimestamp() - (_heartbeat / 2);
        Send([.. _reporters.Keys.Where(reporter => reporter.ReportedAt <= before)]);
    }

    private void Send(List<ServerReporter> due)
    {
        try
        {
            var reports = new Dictionary<string, ImmutableArray<ServerResponse>.Builder>(StringComparer.Ordinal);
            foreach (var reporter in due)
            {
                if (!_reporters.ContainsKey(reporter))
                    continue;
                if (!reporter.TryTake(out var report))
                    Request(reporter, isUrgent: true);
                else
                    BuilderOf(reports, reporter.Pool).Add(report);
            }

            foreach (var (pool, some) in reports)
                _ = Send(pool, some.ToImmutable());
        }
        catch (Exception fault)
        {
            // The timer goes on; the next reports replace these.
            LogNotReported(_log, fault);
        }
    }

    private async Task Send(string pool, ImmutableArray<ServerResponse> reports)
    {
        try
        {
            await _destination.Report(pool, reports).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogNotReported(_log, failure);
        }
    }

    private static ImmutableArray<ServerResponse>.Builder BuilderOf(
        Dictionary<string, ImmutableArray<ServerResponse>.Builder> reports, string pool)
    {
        if (!reports.TryGetValue(pool, out var builder))
            reports[pool] = builder = ImmutableArray.CreateBuilder<ServerResponse>();
        return builder;
    }

    private void SetTimer(long at, long now)
    {
        if (at >= _timerAt)
            return;
        _timerAt = at;
        _timer.Change(at > now ? _time.GetElapsedTime(now, at) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(2010, LogLevel.Debug, "Servers could not report to their balancer")]
    private static partial void LogNotReported(ILogger log, Exception failure);
}
