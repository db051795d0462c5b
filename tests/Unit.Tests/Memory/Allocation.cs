namespace Shortline.Unit.Tests.Memory;

/// <summary>Measures the allocations of code on the current thread.</summary>
internal static class Allocation
{
    /// <summary>
    /// The number of measurements. The runtime itself allocates now and then on any running thread, for example when its cast cache grows.
    /// Code that allocates does so in every measurement.
    /// </summary>
    private const int Times = 3;

    /// <summary>Runs code once to let caches and pools grow, and then measures it.</summary>
    /// <returns>The allocated bytes; the minimum of several runs.</returns>
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
