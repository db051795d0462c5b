using Orleans;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A timer of a grain. Its ticks are work of the activation like calls; the next one is set when one has ended.</summary>
internal sealed class GrainTimer : WorkItem, IGrainTimer
{
    private readonly Lock _lock = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _timer;
    private TimeSpan _period;
    private bool _isTicking;
    private bool _isChanged;
    private bool _isDueAgain;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Check(options.DueTime, options.Period);
        _activation = activation;
        _callback = callback;
        _period = options.Period;
        Interleaving = options.Interleave ? Interleaving.Always : Interleaving.Never;
        _timer = activation.Silo.Time.CreateTimer(
            static timer => ((GrainTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        activation.Add(this);
        _timer.Change(options.DueTime, Timeout.InfiniteTimeSpan);
    }

    public override Interleaving Interleaving { get; }

    public override string Name => "a timer";

    public override bool IsAbandoned => _stopped.IsCancellationRequested;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, period);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(IsAbandoned, this);
            _period = period;
            _isChanged = _isTicking;
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (IsAbandoned)
            {
                return;
            }

            _timer.Dispose();
        }

        _stopped.Cancel();
        _activation.Remove(this);
    }

    public override void Run(object target, CallTarget runner) => _ = TickAsync(runner);

    private static void Check(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        }

        if (period != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        }
    }

    private void OnDue()
    {
        lock (_lock)
        {
            if (_isTicking)
            {
                // Set anew by its own callback, and due before that has ended: it follows at once.
                _isChanged = false;
                _isDueAgain = true;
                return;
            }

            _isTicking = true;
        }

        _activation.Enqueue(this);
    }

    private async Task TickAsync(CallTarget runner)
    {
        try
        {
            await _callback(_stopped.Token);
        }
        catch (Exception exception) when (!IsAbandoned)
        {
            _activation.Silo.Log.TimerFailed(exception, _activation.GrainId);
        }
        catch (Exception)
        {
            // Stopped while it ran.
        }

        SetNext();
        runner.Finished(Interleaving, countsAsUse: false);
    }

    private void SetNext()
    {
        lock (_lock)
        {
            _isTicking = false;
            if (IsAbandoned)
            {
                return;
            }

            if (_isDueAgain)
            {
                _isDueAgain = false;
                _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
            else if (!_isChanged)
            {
                _timer.Change(_period, Timeout.InfiniteTimeSpan);
            }

            _isChanged = false;
        }
    }
}
