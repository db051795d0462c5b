using System.Diagnostics;
using System.Globalization;

namespace Shortline.Bench.Load;

/// <summary>
/// Measures with <c>/proc/stat</c> how many processors other processes keep busy, because a busy machine makes the figures worthless.
/// Counts from its construction, including time that the host of a virtual machine has stolen.
/// </summary>
internal sealed class BusyCores
{
    // USER_HZ: the unit of /proc/stat, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    private readonly long _startTicks = BusyTicks();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>
    /// Returns the number of processors that were busy, without <paramref name="ownSeconds"/> of processor time; 0 on systems other than
    /// Linux.
    /// </summary>
    internal double Without(double ownSeconds)
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        return Math.Max(0, ((BusyTicks() - _startTicks) / TicksPerSecond) - ownSeconds) / seconds;
    }

    private static long BusyTicks()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        // cpu user nice system idle iowait irq softirq steal: interrupts are left out, because our own datagrams cause them.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 8];
        return busy.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture));
    }
}
