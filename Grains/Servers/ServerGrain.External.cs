using Shortline.GrainInterfaces;
using Shortline.Protocol;

namespace Shortline.Grains;

/// <content>What a server does whose work is done by a program of somebody else's.</content>
internal sealed partial class ServerGrain
{
    /// <summary>
    /// After this many milliseconds of an outage, what the program had is given up. What waited is given back at once, and gateways should have that by
    /// now: then they do not take it for something that may have run.
    /// </summary>
    private const int GiveUpAfterMs = 100;

    private readonly ExternalServer? _external;
    private long _giveUpAt = long.MaxValue;

    public Task<ServerResponse> TakeReport(ExternalReport report, long after)
    {
        if (_external is null || _ended || _deactivating)
            return EndTurnWithReport();

        if (!_external.TryTake(report, _time.GetTimestamp()))
        {
            if (_external.OtherPrograms.TryPass(_id, out var suppressed))
                LogOtherProgram(_logger, _id, report.Address, report.Port, _external.Program!.EndPoint, suppressed);
            return EndTurnWithReport();
        }

        if (_server.Status == ServerStatus.Starting)
            return report.Status == ExternalStatus.Ready ? Start(after) : EndTurnWithReport();

        // It was elsewhere meanwhile, and gateways have heard of that: to them this is a new server.
        if (_server.Incarnation < after)
            _server.LoseInService(_incarnations.Next(after));
        Follow(report);
        LookAfterProgram();
        return EndTurnWithReport();
    }

    /// <summary>A server that has just been started takes over what its program says. One that does not report has to answer first.</summary>
    private void BeginExternal()
    {
        if (_external?.Report is not { } report)
            return;
        LogProgram(_logger, _id, _external.Program!.EndPoint);
        _server.Adjust(report.Concurrency, report.Weight, report.QueueLength);
        if (report.IsLocateOnly)
            _server.Suspend();
    }

    private void Follow(ExternalReport report)
    {
        if (_server.Status == ServerStatus.Failed && report.Status != ExternalStatus.Ready)
            _server.Abandon();
        else if (report.Status == ExternalStatus.Draining)
            _server.Drain();
        else if (report.Status == ExternalStatus.Stopped)
            _server.GiveBack();
        if (_server.Status != ServerStatus.Stopped)
            _server.Adjust(report.Concurrency, report.Weight, report.QueueLength);
    }

    /// <summary>Ejects a program that is silent, takes one back that speaks again, and asks it whether it is there.</summary>
    private void LookAfterProgram()
    {
        if (_external?.Program is null || _ended || _deactivating || _server.Status is ServerStatus.Starting or ServerStatus.Stopped)
            return;

        var now = _time.GetTimestamp();
        if (_external.Health.IsForgotten(now))
        {
            LogForgotten(_logger, _id, _external.Program.EndPoint);
            _server.Abandon();
            return;
        }

        if (!_external.Health.IsOut(now))
            TakeBack();
        else if (_server.Status == ServerStatus.Ready)
            Eject(now);

        if (now >= _giveUpAt)
        {
            _giveUpAt = long.MaxValue;
            if (_server.InService > 0)
                _server.LoseInService(_incarnations.Next(_server.Incarnation));
        }

        if (_external.Health.IsProbeDue(now))
            _ = Probe(_external, now);
    }

    private void Eject(long now)
    {
        LogEjected(_logger, _id, _external!.Program!.EndPoint, _server.QueueLength, _server.InService);
        _server.Suspend();
        _giveUpAt = now + GiveUpAfterMs * _time.TimestampFrequency / 1000;
    }

    private void TakeBack()
    {
        if (_server.Status != ServerStatus.Failed && !(_server.Status == ServerStatus.Draining && _external!.Report!.Status == ExternalStatus.Ready))
            return;
        LogTakenBack(_logger, _id, _external!.Program!.EndPoint);
        _giveUpAt = long.MaxValue;
        _server.Resume(_incarnations.Next(_server.Incarnation));
    }

    private async Task Probe(ExternalServer external, long askedAt)
    {
        external.Health.Ask(askedAt);
        var completed = _server.Tally.Completed;
        using var timeout = new CancellationTokenSource(external.ProbeTimeout, _time);
        if (await external.Probe(timeout.Token))
        {
            external.Health.Answered(askedAt, _time.GetTimestamp());
            _server.Changed();
        }
        else
        {
            external.Health.NotAnswered(counts: _server.InService == 0 && _server.Tally.Completed == completed);
        }

        if (_ended || _deactivating)
            return;
        LookAfterProgram();
        EndTurn();
    }

    /// <summary>The report of now.</summary>
    private ServerResponse Report()
    {
        var report = _server.Report(_place);
        return _external is null ? report : _external.Describe(report);
    }

    private long NextLookAtProgram() =>
        _external?.Program is null ? long.MaxValue : Math.Min(_giveUpAt, _external.Health.NextLook(_time.GetTimestamp()));
}
