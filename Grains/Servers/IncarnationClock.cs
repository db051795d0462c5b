namespace Shortline.Grains.Servers;

/// <summary>
/// Numbers the activations of a silo's servers with Unix time in microseconds, or with the last number plus one if the time has not moved
/// on. So a server that is killed and started again at once, or on a machine whose clock is behind, has a larger number than its
/// predecessor. With microseconds the numbers do not run ahead of the time: another silo, which does not know the last number, has a larger
/// one a moment later.
/// </summary>
internal sealed class IncarnationClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;

    /// <summary>The present time as an incarnation, without regard to earlier ones.</summary>
    public static long Of(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Returns a number that is larger than any before.</summary>
    /// <param name="after">The last incarnation known of the server, from this silo or another one.</param>
    public long Next(long after)
    {
        lock (_lock)
            return _last = Math.Max(Math.Max(_last, after) + 1, Of(time));
    }
}
