using Shortline.Balancing.Scaling;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Fleet;

/// <summary>A server as its controller knows it. Used on the controller's turns only.</summary>
/// <param name="id">Its id within the pool.</param>
/// <param name="siloAddress">The silo that hosts it.</param>
/// <param name="incarnation">The last incarnation known before any report; 0 if none.</param>
internal sealed class FleetMember(string id, string siloAddress, long incarnation = 0)
{
    public string Id => id;

    public string SiloAddress => siloAddress;

    /// <summary>The last incarnation known.</summary>
    public long Incarnation { get; private set; } = incarnation;

    /// <summary>The latest report; null before the first.</summary>
    public ServerResponse? Report { get; private set; }

    /// <summary>When the report came; far in the past if the server must be asked for a new one.</summary>
    public long SeenMs { get; private set; } = long.MinValue / 2;

    /// <summary>Whether a call that starts it is under way.</summary>
    public bool IsStarting { get; set; }

    /// <summary>Whether a call to it is under way that no look waits for.</summary>
    public bool IsAsked { get; set; }

    /// <summary>When a draining server is killed; null if it does not drain.</summary>
    public long? DrainUntilMs { get; set; }

    public bool IsDraining => DrainUntilMs is not null;

    public bool IsReady => !IsStarting && !IsDraining && Report?.Status == ServerStatus.Ready;

    public EndedServer End => new(id, Incarnation);

    /// <summary>The load as the report says. What was there then is taken to have been there until now: unchanged servers do not report.</summary>
    public ServerLoad LoadAt(long nowMs)
    {
        var report = Report!;
        var isOlder = report is { PresenceMs: 0, Completed: > 0 };
        return new(
            id, report.Incarnation, report.QueueLength, report.InService, report.Concurrency, report.Completed, report.ServiceTimeMs, report.ReadyForMs,
            report.Refused, isOlder ? -1 : report.PresenceMs + (report.Load * (double)Math.Max(0, nowMs - SeenMs)));
    }

    /// <summary>Takes a report if it is newer than the known one.</summary>
    public void Take(ServerResponse report, long nowMs)
    {
        if (Report is null || (report.Incarnation, report.Sequence).CompareTo((Report.Incarnation, Report.Sequence)) > 0)
            TakeAnswer(report, nowMs);
    }

    /// <summary>
    /// Takes the server's answer to a call, which holds even if its incarnation is lower: a new activation that is not started has
    /// incarnation 0.
    /// </summary>
    public void TakeAnswer(ServerResponse report, long nowMs)
    {
        Report = report;
        SeenMs = nowMs;
        Incarnation = Math.Max(Incarnation, report.Incarnation);
    }

    /// <summary>Drops the report of a server that did not answer.</summary>
    public void Forget() => Report = null;

    /// <summary>Makes the next look ask the server.</summary>
    public void Doubt() => SeenMs = long.MinValue / 2;
}
