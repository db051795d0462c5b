namespace Shortline.Grains;

/// <summary>
/// Numbers the activations of a silo: Unix time in milliseconds, or one more than the last where that has not moved on, so that a server
/// killed and started within a millisecond is told from its predecessor.
/// </summary>
internal sealed class IncarnationClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;

    public long Next()
    {
        lock (_lock)
            return _last = Math.Max(_last + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
