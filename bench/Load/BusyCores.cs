using System.Diagnostics;
using System.Globalization;

namespace Shortline.Bench.Load;

/// <summary>
/// How many processors the whole machine kept busy since this was started, by <c>/proc/stat</c>: what other processes took makes
/// figures worthless, so it is measured with them. Time stolen by the host of a virtual machine counts.
/// </summary>
internal sealed class BusyCores
{
    // USER_HZ: the unit of /proc/stat, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    private readonly long _startTicks = BusyTicks();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Processors busy with anything but <paramref name="ownSeconds"/> of processor time; 0 where the system does not say.</summary>
    internal double Beside(double ownSeconds)
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        return Math.Max(0, ((BusyTicks() - _startTicks) / TicksPerSecond) - ownSeconds) / seconds;
    }

    private static long BusyTicks()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        // cpu user nice system idle iowait irq softirq steal: interrupts are left out, for our own datagrams cause them.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 8];
        return busy.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture));
    }
}
