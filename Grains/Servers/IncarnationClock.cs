namespace Shortline.Grains;

/// <summary>
/// Numbers the activations of a silo: Unix time in milliseconds, or one more than the last where that has not moved on, so that a server
/// killed and started within a millisecond, or started on a machine whose clock is behind, is told from its predecessor.
/// </summary>
internal sealed class IncarnationClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;

    /// <summary>A number larger than any before.</summary>
    /// <param name="after">The last one known, from this silo or another one.</param>
    public long Next(long after)
    {
        lock (_lock)
            return _last = Math.Max(Math.Max(_last, after) + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
