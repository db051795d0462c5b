using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Logs;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Grains.ExternalServers;

/// <summary>
/// Keeps a <see cref="Server"/> in step with its external server: applies reports, sends probes, ejects it while it is
/// silent and readmits it when it answers again. Every method runs on the grain's turn.
/// </summary>
/// <param name="id">The server's id.</param>
/// <param name="external">The external server.</param>
/// <param name="server">The server that forwards requests to the external server.</param>
/// <param name="incarnations">Numbers the incarnations.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The server's log.</param>
/// <param name="onProbed">Called on the grain's turn after each probe; calls <see cref="Check"/> unless the server has ended.</param>
internal sealed partial class ExternalServerWatch(
    string id, ExternalServer external, Server server, IncarnationClock incarnations, TimeProvider time, ILogger logger, Action onProbed)
{
    /// <summary>
    /// Milliseconds from the ejection until the requests in service are given up. The waiting requests are rejected at once, and by then
    /// the gateways should have those answers: otherwise they would take the waiting requests for ones that may have run.
    /// </summary>
    private const int GiveUpAfterMs = 100;

    /// <summary>Limits the log lines about another sender with the same identity, which repeats its reports.</summary>
    private readonly RateLimitedLog<string> _conflicts = new(time, TimeSpan.FromSeconds(10));

    private long _giveUpAt = long.MaxValue;

    /// <summary>Whether the external server has reported.</summary>
    public bool HasReport => external.Report is not null;

    /// <summary>The timestamp at which <see cref="Check"/> has work to do; <see cref="long.MaxValue"/> before the first report.</summary>
    public long NextCheck => external.EndPoint is null ? long.MaxValue : Math.Min(_giveUpAt, external.Health.NextLook(time.GetTimestamp()));

    /// <summary>Takes a report, unless another external server with the same identity is in use.</summary>
    /// <returns>Whether the report was taken.</returns>
    public bool TryTake(ExternalReport report)
    {
        if (external.TryTake(report, time.GetTimestamp()))
            return true;

        if (_conflicts.TryPass(id, out var suppressed))
            LogConflict(logger, id, report.Address, report.Port, external.EndPoint!, suppressed);
        return false;
    }

    /// <summary>
    /// Applies the first report to a server that has just been started, which may have to answer a probe before it gets requests.
    /// </summary>
    public void Begin()
    {
        if (external.Report is not { } report)
            return;

        LogBegun(logger, id, external.EndPoint!);
        server.Adjust(report.Concurrency, report.Weight, report.QueueLength);
        if (external.Health.IsOut(time.GetTimestamp()))
            server.Suspend();
    }

    /// <summary>Applies a report that was taken.</summary>
    /// <param name="report">The report.</param>
    /// <param name="after">The last incarnation known of this id, on whatever silo.</param>
    public void Apply(ExternalReport report, long after)
    {
        // The server was on another silo meanwhile, and gateways know that incarnation, so this one has to be a new server to them.
        if (server.Incarnation < after)
            server.LoseInService(incarnations.Next(after));

        if (server.Status == ServerStatus.Failed && report.Status != ExternalStatus.Ready)
            server.Abandon();
        else if (report.Status == ExternalStatus.Draining)
            server.Drain();
        else if (report.Status == ExternalStatus.Stopped)
            server.GiveBack();

        if (server.Status != ServerStatus.Stopped)
            server.Adjust(report.Concurrency, report.Weight, report.QueueLength);
        Check();
    }

    /// <summary>Ejects, readmits or ends the server as its health demands, and sends a probe if one is due.</summary>
    public void Check()
    {
        if (external.EndPoint is null || server.Status is ServerStatus.Starting or ServerStatus.Stopped)
            return;

        var now = time.GetTimestamp();
        if (external.Health.IsForgotten(now))
        {
            LogForgotten(logger, id, external.EndPoint);
            server.Abandon();
            return;
        }

        if (!external.Health.IsOut(now))
            Readmit();
        else if (server.Status == ServerStatus.Ready)
            Eject(now);

        if (now >= _giveUpAt)
        {
            _giveUpAt = long.MaxValue;
            if (server.InService > 0)
                server.LoseInService(incarnations.Next(server.Incarnation));
        }

        if (external.Health.IsProbeDue(now))
            _ = Probe(now);
    }

    private void Eject(long now)
    {
        LogEjected(logger, id, external.EndPoint!, server.QueueLength, server.InService);
        server.Suspend();
        _giveUpAt = now + time.TimestampUnits(GiveUpAfterMs);
    }

    private void Readmit()
    {
        var drainIsRevoked = server.Status == ServerStatus.Draining && external.Report!.Status == ExternalStatus.Ready;
        if (server.Status != ServerStatus.Failed && !drainIsRevoked)
            return;

        LogReadmitted(logger, id, external.EndPoint!);
        _giveUpAt = long.MaxValue;
        server.Resume(incarnations.Next(server.Incarnation));
    }

    private async Task Probe(long sentAt)
    {
        var asked = external.EndPoint;
        external.Health.Ask(sentAt);
        var completed = server.Tally.Completed;
        using var timeout = new CancellationTokenSource(external.ProbeTimeout, time);
        if (await external.Probe(timeout.Token) && external.EndPoint == asked)
        {
            external.Health.Answered(sentAt, time.GetTimestamp());
            server.Tally.Changed();
        }
        else
        {
            // An external server that works on a request may have no time for a probe.
            external.Health.NotAnswered(counts: server.InService == 0 && server.Tally.Completed == completed);
        }

        onProbed();
    }
}
