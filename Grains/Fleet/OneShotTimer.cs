using Orleans;
using Orleans.Runtime;

namespace Shortline.Grains.Fleet;

/// <summary>Runs an action once, a delay after it was first requested. A timer exists only in between.</summary>
internal sealed class OneShotTimer(IGrainBase grain, TimeSpan delay, Func<Task> action)
{
    private IGrainTimer? _timer;

    /// <summary>The delay of the runs that are requested from now on.</summary>
    public TimeSpan Delay { get; set; } = delay;

    /// <summary>Requests a run, unless one is requested already.</summary>
    public void Arm() => _timer ??= grain.RegisterGrainTimer(Run, new GrainTimerCreationOptions(Delay, Timeout.InfiniteTimeSpan) { Interleave = true });

    /// <summary>Cancels the requested run.</summary>
    public void Disarm()
    {
        _timer?.Dispose();
        _timer = null;
    }

    private Task Run()
    {
        Disarm();
        return action();
    }
}
