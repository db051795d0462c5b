using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

internal sealed partial class ServerGrain
{
    /// <summary>A gateway that has nothing here and has been silent for this long is forgotten.</summary>
    private const int IdleGatewaySeconds = 60;

    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// Least time between two looks at deadlines: a timer per request would cost more than the requests. So an answer `expired` may come
    /// this much late.
    /// </summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(15);

    private ServerStatus _logged;
    private long _wakeAt = long.MaxValue;
    private int _waitingMetered;
    private int _inServiceMetered;

    private Task OnTimer()
    {
        if (_ended)
        {
            // It may be a tick that was due before the end.
            if (_time.GetElapsedTime(_endedAt) is var since && since < Linger)
                _timer!.Change(Linger - since, Never);
            else
                DeactivateOnIdle();
            return Task.CompletedTask;
        }

        _wakeAt = long.MaxValue;
        if (_server.NextTick <= _time.GetTimestamp())
            _server.Tick();

        EndTurn();
        return Task.CompletedTask;
    }

    /// <summary>Sends what the turn has produced, reports if that is due, and sees to it that the timer comes in time.</summary>
    private void EndTurn()
    {
        foreach (var gateway in _server.Gateways.All)
        {
            if (gateway is { Responses.Count: > 0, IsPushing: false })
                _ = Push(gateway);
        }

        Meter();
        if (_server.Incarnation == 0 || _ended)
        {
            End();
            return;
        }

        ReportIfDue();
        if (_server.Status == ServerStatus.Stopped)
            End();
        else if (!_deactivating)
            WakeInTime();
    }

    private void ReportIfDue()
    {
        var now = _time.GetTimestamp();
        if (now < _schedule.NextReport(_server.Status, _server.QueueLength, _server.Changes))
            return;

        _schedule.Reported(_server.Status, _server.QueueLength, _server.Changes, now);
        _server.Gateways.Forget(before: now - _idleGatewayAfter);
        LogStatus();
        _ = Send(_server.Report(_place));
    }

    private void WakeInTime()
    {
        var next = Math.Min(_server.NextTick, _schedule.NextReport(_server.Status, _server.QueueLength, _server.Changes));
        if (next >= _wakeAt)
            return;

        _wakeAt = next;
        var due = _time.GetElapsedTime(_time.GetTimestamp(), next);
        _timer!.Change(due > Tick ? due : Tick, Never);
    }

    private async Task Push(GatewayOutbox gateway)
    {
        gateway.IsPushing = true;
        try
        {
            while (gateway.Responses.Count > 0)
                await gateway.ReplyTo.OnResponses(_server.Seal(gateway.Responses, gateway));
        }
        catch (Exception fault)
        {
            // Best effort: the gateway's deadlines catch what is lost.
            LogPushFailed(_logger, fault, _id);
        }
        finally
        {
            gateway.IsPushing = false;
        }
    }

    private async Task Send(ServerResponse report)
    {
        try
        {
            await _reports.Report(_pool, report);
        }
        catch (Exception fault)
        {
            LogReportFailed(_logger, fault, _id);
        }
    }

    private void Meter()
    {
        var (waiting, inService) = _ended ? (0, 0) : (_server.QueueLength, _server.InService);
        _metrics.LoadChanged(_id, waiting - _waitingMetered, inService - _inServiceMetered);
        (_waitingMetered, _inServiceMetered) = (waiting, inService);
    }
}
