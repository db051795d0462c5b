namespace Shortline.Grains;

/// <summary>
/// Numbers the activations of a silo: Unix time in microseconds, or one more than the last where that has not moved on, so that a server
/// killed and started at once, or started on a machine whose clock is behind, is told from its predecessor. In microseconds, so that counting on does not
/// run ahead of the time: another silo, which does not know the last number, has a larger one a moment later.
/// </summary>
internal sealed class IncarnationClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;

    /// <summary>The number of now, whatever was before.</summary>
    public static long Of(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A number larger than any before.</summary>
    /// <param name="after">The last one known, from this silo or another one.</param>
    public long Next(long after)
    {
        lock (_lock)
            return _last = Math.Max(Math.Max(_last, after) + 1, Of(time));
    }
}
