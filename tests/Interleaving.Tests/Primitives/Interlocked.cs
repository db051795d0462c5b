using Microsoft.Coyote.Runtime;
using Framework = System.Threading.Interlocked;

namespace Shortline.Gateway;

/// <summary>The atomic operations that the gateway uses. Others may run before and after each.</summary>
internal static class Interlocked
{
    public static int Increment(ref int location) => Add(ref location, 1);

    public static long Increment(ref long location) => Add(ref location, 1L);

    public static int Decrement(ref int location) => Add(ref location, -1);

    public static long Decrement(ref long location) => Add(ref location, -1L);

    public static int Add(ref int location, int value)
    {
        SchedulingPoint.Interleave();
        var sum = Framework.Add(ref location, value);
        SchedulingPoint.Interleave();
        return sum;
    }

    public static long Add(ref long location, long value)
    {
        SchedulingPoint.Interleave();
        var sum = Framework.Add(ref location, value);
        SchedulingPoint.Interleave();
        return sum;
    }

    public static long Read(ref long location)
    {
        SchedulingPoint.Interleave();
        var value = Framework.Read(ref location);
        SchedulingPoint.Interleave();
        return value;
    }

    public static T Exchange<T>(ref T location, T value)
    {
        SchedulingPoint.Interleave();
        var former = Framework.Exchange(ref location, value);
        SchedulingPoint.Interleave();
        return former;
    }

    public static T CompareExchange<T>(ref T location, T value, T comparand)
    {
        SchedulingPoint.Interleave();
        var former = Framework.CompareExchange(ref location, value, comparand);
        SchedulingPoint.Interleave();
        return former;
    }

    public static void MemoryBarrier()
    {
        SchedulingPoint.Interleave();
        Framework.MemoryBarrier();
    }
}
