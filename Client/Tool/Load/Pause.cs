using System.Runtime.InteropServices;

namespace Shortline.Client.Tool.Load;

/// <summary>
/// Waits for fractions of a millisecond, which a schedule of several thousand requests a second needs. The waits of .NET count whole
/// milliseconds; clock_nanosleep of Linux does not. On other systems the wait is a millisecond, and requests are sent in small bursts.
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
            _ = ClockNanoSleep(ClockMonotonic, 0, in request, 0); // a signal may end the wait early; the caller checks the clock
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
