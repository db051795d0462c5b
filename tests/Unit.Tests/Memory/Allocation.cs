namespace Shortline.Unit.Tests.Memory;

/// <summary>What code allocates on the thread that it runs on.</summary>
internal static class Allocation
{
    /// <summary>
    /// How often code is measured. The runtime itself allocates now and then, on whatever thread is running (its cache of casts grows); code that allocates
    /// does so every time.
    /// </summary>
    private const int Times = 3;

    /// <summary>Runs code once, so that whatever grows has grown, and measures it then.</summary>
    /// <returns>Bytes: the least of several runs.</returns>
    public static long Of(Action action)
    {
        action();
        return Enumerable.Range(0, Times).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
