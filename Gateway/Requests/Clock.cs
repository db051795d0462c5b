namespace Shortline.Gateway.Requests;

/// <summary>Monotonic time in the ticks of a <see cref="TimeProvider"/>. The factor for conversions is computed once.</summary>
internal sealed class Clock(TimeProvider time)
{
    private readonly double _ticksPerMillisecond = time.TimestampFrequency / 1000.0;

    public long Now => time.GetTimestamp();

    public long Ticks(double milliseconds) => (long)(milliseconds * _ticksPerMillisecond);

    public double Milliseconds(long ticks) => ticks / _ticksPerMillisecond;

    public long Microseconds(long ticks) => (long)(ticks * 1000 / _ticksPerMillisecond);
}
