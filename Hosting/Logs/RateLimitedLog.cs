using System.Collections.Concurrent;

namespace Shortline.Hosting.Logs;

/// <summary>
/// Lets a repeated message pass once per interval and key, and counts the others for the next message that passes:
/// <code>
/// if (_invalid.TryPass(reason, out var suppressed))
///     logger.InvalidDatagrams(reason, suppressed);
/// </code>
/// Thread-safe. A message that does not pass costs a clock read and an increment, without a lock or an allocation.
/// </summary>
/// <remarks>
/// Neither Microsoft.Extensions.Logging nor Serilog offers this: their filters and samplers drop repeated messages without a count, and
/// only after the message was created.
/// </remarks>
/// <typeparam name="TKey">What repeats: a reason, the name of a server.</typeparam>
/// <param name="time">The clock.</param>
/// <param name="interval">The time between two messages of one key.</param>
/// <param name="keyLimit">
/// The most keys that are limited separately; further keys share one, so that invented keys take no memory. At least 1.
/// </param>
public sealed class RateLimitedLog<TKey>(TimeProvider time, TimeSpan interval, int keyLimit = 1024)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, KeyLimit> _keyLimits = new();
    private readonly KeyLimit _others = new();
    private readonly long _ticks = (long)(interval.TotalSeconds * time.TimestampFrequency);
    private int _keys;

    /// <summary>Tells whether the message of <paramref name="key"/> may be logged now.</summary>
    /// <param name="key">What repeats.</param>
    /// <param name="suppressed">
    /// The messages of this key that did not pass since the last one that did; 0 if this one does not pass.
    /// </param>
    /// <returns>True at most once per interval and key.</returns>
    public bool TryPass(TKey key, out long suppressed) => LimitOf(key).TryPass(time.GetTimestamp(), _ticks, out suppressed);

    private KeyLimit LimitOf(TKey key)
    {
        if (_keyLimits.TryGetValue(key, out var limit))
            return limit;
        if (Volatile.Read(ref _keys) >= keyLimit)
            return _others;
        var added = new KeyLimit();
        limit = _keyLimits.GetOrAdd(key, added);
        if (ReferenceEquals(limit, added))
            Interlocked.Increment(ref _keys);
        return limit;
    }

    private sealed class KeyLimit
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
