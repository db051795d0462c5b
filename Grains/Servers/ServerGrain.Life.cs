using Orleans;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

internal sealed partial class ServerGrain
{
    private bool _ended;
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

    /// <summary>The engine has stopped the timer by now, so deadlines are looked after here.</summary>
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
        if (!_ended && _server.Incarnation != 0)
        {
            _ended = true;
            _timer?.Dispose();
            _finished.Close();
            Meter();
        }

        if (!_deactivating)
            DeactivateOnIdle();
    }
}
