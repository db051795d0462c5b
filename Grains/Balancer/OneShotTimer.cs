using Orleans;
using Orleans.Runtime;

namespace Shortline.Grains;

/// <summary>Runs something once, a while after it was first asked for; a timer exists only in between.</summary>
internal sealed class OneShotTimer(IGrainBase grain, TimeSpan delay, Func<Task> action)
{
    private IGrainTimer? _timer;

    /// <summary>Asks for a run, if none is coming already.</summary>
    public void Arm() => _timer ??= grain.RegisterGrainTimer(Run, new GrainTimerCreationOptions(delay, Timeout.InfiniteTimeSpan) { Interleave = true });

    /// <summary>Takes it back: what was asked for has been done otherwise.</summary>
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
