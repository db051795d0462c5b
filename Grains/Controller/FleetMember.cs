using Shortline.Balancing;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>A server as its controller knows it. Changed on the controller's turns only.</summary>
/// <param name="id">Its id within the pool.</param>
/// <param name="siloAddress">The silo it lives on.</param>
/// <param name="incarnation">The last incarnation known before any report; 0 if none.</param>
internal sealed class FleetMember(string id, string siloAddress, long incarnation = 0)
{
    public string Id => id;

    public string SiloAddress => siloAddress;

    /// <summary>The last incarnation known.</summary>
    public long Incarnation { get; private set; } = incarnation;

    /// <summary>The latest report; null before the first.</summary>
    public ServerResponse? Report { get; private set; }

    /// <summary>When the report came; long ago if it must be asked for.</summary>
    public long SeenMs { get; private set; } = long.MinValue / 2;

    /// <summary>Whether a call to start it is on its way.</summary>
    public bool IsStarting { get; set; }

    /// <summary>Whether a call to it is on its way whose end nobody waits for.</summary>
    public bool IsAsked { get; set; }

    /// <summary>When a draining server is given up; null if it does not drain.</summary>
    public long? DrainUntilMs { get; set; }

    public bool IsDraining => DrainUntilMs is not null;

    public bool IsReady => !IsStarting && !IsDraining && Report?.Status == ServerStatus.Ready;

    public ServerLoad Load => new(
        id, Report!.Incarnation, Report.QueueLength, Report.InService, Report.Concurrency, Report.Completed, Report.ServiceTimeMs, Report.ReadyForMs);

    public EndedServer End => new(id, Incarnation);

    /// <summary>Takes a report, unless it is no newer than the one there is.</summary>
    public void Take(ServerResponse report, long nowMs)
    {
        if (Report is null || (report.Incarnation, report.Sequence).CompareTo((Report.Incarnation, Report.Sequence)) > 0)
            TakeAnswer(report, nowMs);
    }

    /// <summary>Takes its own answer to a question, which is the truth even if the incarnation went back to the start.</summary>
    public void TakeAnswer(ServerResponse report, long nowMs)
    {
        Report = report;
        SeenMs = nowMs;
        Incarnation = Math.Max(Incarnation, report.Incarnation);
    }

    /// <summary>It did not answer: what it reported last holds no more.</summary>
    public void Forget() => Report = null;

    /// <summary>Has it asked at the next look.</summary>
    public void Doubt() => SeenMs = long.MinValue / 2;
}
