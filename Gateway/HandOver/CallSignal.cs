using System.Threading.Tasks.Sources;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// Wakes the loop that waits for it, on the thread that sets it. It may be set before the loop waits, but not twice before the loop has
/// woken. Allocates nothing.
/// </summary>
internal sealed class CallSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;

    public ValueTask WaitAsync() => new(this, _core.Version);

    public void Set() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        _core.Reset();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
