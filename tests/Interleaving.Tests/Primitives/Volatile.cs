using Microsoft.Coyote.Runtime;

namespace Shortline.Gateway;

/// <summary>
/// Reads and writes of fields that threads share without a lock. Others may run before and after each. Those of fields that are declared volatile
/// belong to the step around them.
/// </summary>
internal static class Volatile
{
    public static T Read<T>(ref readonly T location)
    {
        SchedulingPoint.Interleave();
        var value = location;
        SchedulingPoint.Interleave();
        return value;
    }

    public static void Write<T>(ref T location, T value)
    {
        SchedulingPoint.Interleave();
        location = value;
        SchedulingPoint.Interleave();
    }
}
