using Orleans;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

internal sealed partial class ServerGrain
{
    /// <summary>
    /// How long an activation that has ended stays. Calls of gateways that do not know of its end yet meet it, and are told that it takes nothing, which
    /// leaves no doubt that their requests have not run; without it they would meet the end of an activation, and fail one way or another.
    /// </summary>
    internal static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private bool _ended;
    private long _endedAt;
    private bool _deactivating;

    /// <summary>
    /// The silo stops, or the server has ended. What waits is given back at once, so that the gateways can send it elsewhere; what is in
    /// service gets the drain timeout, or what the silo leaves of it. What is then left stays unanswered: it may have run, and only the
    /// gateway knows whether it may run again.
    /// </summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _deactivating = true;
        if (_server.Status is ServerStatus.Ready or ServerStatus.Draining)
        {
            _server.GiveBack();
            EndTurn();
            await FinishWhatIsInService(cancellationToken);
        }

        if (!_ended)
        {
            _server.Abandon();
            End();
        }
    }

    /// <summary>Orleans has stopped the timer by now, so this loop enforces deadlines.</summary>
    private async Task FinishWhatIsInService(CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        while (!_server.HasNothing && !cancellationToken.IsCancellationRequested && _time.GetElapsedTime(begun) < _drainTimeout)
        {
            await Task.Delay(Tick, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            _server.Tick();
            EndTurn();
        }
    }

    /// <summary>This activation has nothing to do any more.</summary>
    private void End()
    {
        if (_timer is null)
        {
            // Nobody has started it, so nobody sends it anything but by mistake.
            if (!_deactivating)
                DeactivateOnIdle();
        }
        else if (!_ended)
        {
            _ended = true;
            _endedAt = _time.GetTimestamp();
            _siloServers.Remove(_pool, _id, this);
            _endpoints.Close(_pool, _id, _server.Incarnation);
            _finished.Close();
            Meter();
            if (!_deactivating)
                _timer.Change(Linger, Never);
        }
    }
}
