namespace Shortline.LocalEngine;

/// <content>
/// Turns on the thread that calls. To hand a turn to the pool is to wake a thread, and to wake another one for the response: that costs
/// more than a short turn. So a call from a thread of its own, such as a gateway's receiver, runs where it is while the turns are short.
/// </content>
/// <remarks>
/// A grain that blocks in a turn then holds that caller, as it would not on the pool. So callers are held for the time of a short run on
/// average: what a run takes longer is a debt, which short runs pay back while calls go to the pool.
/// </remarks>
internal sealed partial class Activation
{
    /// <summary>A short run takes 20 µs: about what waking two threads takes.</summary>
    private const long ShortRunsPerSecond = 50_000;

    /// <summary>
    /// The debt is 100 ms at most, 5,000 short runs, so that a grain that was busy or slow recovers. A new activation starts with it.
    /// </summary>
    private const long MostDebtsPerSecond = 10;

    /// <summary>What ambient values a thread of the pool has: none.</summary>
    private static ExecutionContext? _poolContext;

    private readonly long _shortRun;
    private readonly long _mostDebt;
    private long _debt;

    private static bool IsThreadOfItsOwn =>
        !Thread.CurrentThread.IsThreadPoolThread && _current is null && SynchronizationContext.Current is null;

    /// <summary>Runs a call now, unless that is for the pool. On any thread.</summary>
    private bool TryRunOnCaller(Call call)
    {
        if (Volatile.Read(ref _debt) > 0 || !_inbox.IsEmpty || !IsThreadOfItsOwn || ExecutionContext.Capture() is not { } context)
        {
            return false;
        }

        if (_poolContext is not { } poolContext || Interlocked.CompareExchange(ref _isScheduled, 1, 0) != 0)
        {
            return false;
        }

        _inbox.Enqueue(call);
        ExecutionContext.Restore(poolContext);
        Run(turns: 1);
        ExecutionContext.Restore(context);
        return true;
    }

    /// <summary>Takes down how long a run took.</summary>
    private void Charge(long elapsed) => Volatile.Write(ref _debt, Math.Clamp(_debt + elapsed - _shortRun, 0, _mostDebt));
}
