namespace Shortline.Balancing.Overload;

/// <summary>
/// Tells a queue that never empties from one that is long for a moment, by CoDel's rule (Nichols and Jacobson, RFC 8289; for requests
/// instead of packets as in Facebook's wangle): even the shortest delay of a whole interval was above the target.
/// </summary>
/// <param name="target">The delay that is harmless, in the caller's unit of time.</param>
/// <param name="interval">How long it is observed.</param>
public sealed class QueueDelay(long target, long interval)
{
    private long _shortest = long.MaxValue;
    private long _intervalEnd = long.MinValue;

    /// <summary>Whether everything waited in the last interval, and longer than for the end of one other request.</summary>
    public bool IsStanding { get; private set; }

    /// <summary>Whether a request of the last interval waited no longer than the target.</summary>
    public bool HasEmptied { get; private set; }

    /// <summary>Adds the delay of a request that begins now; 0 if it did not wait.</summary>
    /// <param name="delay">How long it waited.</param>
    /// <param name="now">The current time.</param>
    /// <param name="usualService">How long requests usually take: one that waits for the end of another waits at least a part of it.</param>
    /// <returns>Whether an interval has ended, which the properties are about.</returns>
    public bool Observe(long delay, long now, long usualService)
    {
        _shortest = Math.Min(_shortest, delay);
        if (now < _intervalEnd)
            return false;

        var hasEnded = _intervalEnd != long.MinValue;
        if (hasEnded)
        {
            (IsStanding, HasEmptied) = (_shortest > Math.Max(target, usualService), _shortest <= target);
            _shortest = long.MaxValue;
        }

        _intervalEnd = now + Math.Max(interval, 2 * usualService);
        return hasEnded;
    }
}
