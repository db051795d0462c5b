using System.Collections.Concurrent;

namespace Shortline.Hosting;

/// <summary>
/// Lets a repeated message through once an interval for each key, and counts the rest for the next time it does:
/// <code>
/// if (_invalid.TryPass(reason, out var suppressed))
///     logger.InvalidDatagrams(reason, suppressed);
/// </code>
/// Any number of threads; one that does not pass reads the clock and adds one, without a lock or an allocation.
/// </summary>
/// <typeparam name="TKey">What repeats: a reason, the name of a server.</typeparam>
/// <param name="time">The clock.</param>
/// <param name="interval">The time between two messages of one key.</param>
/// <param name="keyLimit">Keys told apart at most; the rest share one, so that made-up keys fill no memory. At least 1.</param>
public sealed class RateLimitedLog<TKey>(TimeProvider time, TimeSpan interval, int keyLimit = 1024)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Turn> _turns = new();
    private readonly Turn _others = new();
    private readonly long _ticks = (long)(interval.TotalSeconds * time.TimestampFrequency);
    private int _keys;

    /// <summary>Whether the message of <paramref name="key"/> may be written now.</summary>
    /// <param name="key">What repeats.</param>
    /// <param name="suppressed">How many did not pass since the last one that did; 0 if this one does not.</param>
    public bool TryPass(TKey key, out long suppressed) => TurnOf(key).TryPass(time.GetTimestamp(), _ticks, out suppressed);

    private Turn TurnOf(TKey key)
    {
        if (_turns.TryGetValue(key, out var turn))
            return turn;
        if (Volatile.Read(ref _keys) >= keyLimit)
            return _others;
        var added = new Turn();
        turn = _turns.GetOrAdd(key, added);
        if (ReferenceEquals(turn, added))
            Interlocked.Increment(ref _keys);
        return turn;
    }

    private sealed class Turn
    {
        private long _next = long.MinValue;
        private long _suppressed;

        public bool TryPass(long now, long ticks, out long suppressed)
        {
            var next = Volatile.Read(ref _next);
            if (now < next || Interlocked.CompareExchange(ref _next, now + ticks, next) != next)
            {
                Interlocked.Increment(ref _suppressed);
                suppressed = 0;
                return false;
            }

            suppressed = Interlocked.Exchange(ref _suppressed, 0);
            return true;
        }
    }
}
