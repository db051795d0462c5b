namespace Shortline.Grains.Servers;

/// <summary>Arithmetic with the timestamps of a <see cref="TimeProvider"/>.</summary>
internal static class TimestampMath
{
    /// <summary>Converts milliseconds to timestamp units.</summary>
    public static long TimestampUnits(this TimeProvider time, long milliseconds) => milliseconds * time.TimestampFrequency / 1000;

    /// <summary>
    /// Returns the timestamp units since <paramref name="now"/> and sets it to the present, so that measuring one piece of work after the
    /// other reads the clock once for each.
    /// </summary>
    public static long Lap(this TimeProvider time, ref long now)
    {
        var before = now;
        now = time.GetTimestamp();
        return now - before;
    }
}
