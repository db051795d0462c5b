using System.Runtime.InteropServices;

namespace Shortline.Client;

/// <summary>
/// Waits for less than a millisecond, which a schedule of some thousand requests a second needs. .NET's own waits count whole milliseconds;
/// Linux' clock_nanosleep does not. Elsewhere a millisecond it is, and requests go out in small bursts.
/// </summary>
internal static partial class Pause
{
    private const int ClockMonotonic = 1;

    public static void For(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return;
        if (OperatingSystem.IsLinux())
        {
            var request = new TimeSpec { Seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * 100) };
            _ = ClockNanoSleep(ClockMonotonic, 0, in request, 0); // a signal may end it early: the caller looks at the clock
        }
        else
        {
            Thread.CurrentThread.Join(Math.Max(1, (int)time.TotalMilliseconds)); // the thread cannot end itself: this is a plain wait
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanoSleep(int clock, int flags, in TimeSpec request, nint remaining);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
