using Orleans;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>Makes calls of chosen methods fail, as if the other silo did not answer.</summary>
internal sealed class CallFaults : IIncomingGrainCallFilter
{
    private int _failed;
    private volatile string[] _methods = [];

    /// <summary>The number of calls that have failed.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Makes calls of these methods fail from now on; of none without arguments.</summary>
    public void Of(params string[] methods) => _methods = methods;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (!_methods.Contains(context.MethodName, StringComparer.Ordinal))
            return context.Invoke();
        Interlocked.Increment(ref _failed);
        throw new TimeoutException($"{context.MethodName} does not answer");
    }
}
