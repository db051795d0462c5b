using System.Threading.Tasks.Sources;
using Microsoft.Coyote.Runtime;
using Shortline.Interleaving.Tests.Exploration;

namespace Shortline.Gateway;

/// <summary>
/// The framework's, with two differences: others may run before each method, and a continuation that comes after the result is an operation of its
/// own instead of a work item of the pool.
/// </summary>
internal struct ManualResetValueTaskSourceCore<T>
{
    private System.Threading.Tasks.Sources.ManualResetValueTaskSourceCore<T> _core;

    public readonly short Version => _core.Version;

    public T GetResult(short token) => _core.GetResult(token);

    public void Reset()
    {
        SchedulingPoint.Interleave();
        _core.Reset();
    }

    public void SetResult(T result)
    {
        SchedulingPoint.Interleave();
        _core.SetResult(result);
    }

    public readonly ValueTaskSourceStatus GetStatus(short token)
    {
        SchedulingPoint.Interleave();
        return _core.GetStatus(token);
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        SchedulingPoint.Interleave();
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
            _core.OnCompleted(continuation, state, token, flags);
        else
            Operations.Start(() => continuation(state));
    }
}
