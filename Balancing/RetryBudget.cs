namespace Shortline.Balancing;

/// <summary>
/// Limits retries to a share of the requests, so that retries cannot multiply an overload. After Finagle's <c>RetryBudget</c>: at most
/// 20 % of the requests of the last ten seconds, plus ten per second, so that a caller with few requests can retry too.
/// </summary>
/// <remarks>
/// Safe for any number of threads, without a lock. Each of the last ten seconds has one word with the number of the second and its
/// balance, changed by compare-and-swap. A thread whose clock reading is slightly old books into the second of that reading.
/// </remarks>
public sealed class RetryBudget
{
    private const int WindowSeconds = 10;
    private const int RetryCost = 1000;

    /// <summary>
    /// The upper half is the number of the second. The lower half is its balance: the deposits of requests less the cost of retries.
    /// </summary>
    private readonly long[] _seconds = new long[WindowSeconds];
    private readonly int _deposit;
    private readonly long _reserve;

    /// <summary>Creates a budget from which nothing is spent.</summary>
    /// <param name="retriesPerRequest">The number of retries that each request pays for, 0 to 1.</param>
    /// <param name="retriesPerSecond">The number of free retries per second, 0 to 100,000.</param>
    public RetryBudget(double retriesPerRequest = 0.2, int retriesPerSecond = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retriesPerRequest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retriesPerRequest, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(retriesPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retriesPerSecond, 100_000);
        _deposit = (int)(retriesPerRequest * RetryCost);
        _reserve = (long)retriesPerSecond * WindowSeconds * RetryCost;
    }

    /// <summary>Counts a request that is sent for the first time.</summary>
    /// <param name="nowMs">The time in milliseconds of a monotonic clock, at least 0.</param>
    public void OnRequest(long nowMs)
    {
        var second = (uint)(nowMs / 1000);
        ref var word = ref _seconds[second % WindowSeconds];
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var balance = SecondOf(seen) == second ? BalanceOf(seen) : 0;
            if (balance > int.MaxValue - _deposit || Interlocked.CompareExchange(ref word, Pack(second, balance + _deposit), seen) == seen)
                return;
        }
    }

    /// <summary>Pays for one retry if the budget allows it.</summary>
    /// <param name="nowMs">The time, as in <see cref="OnRequest"/>.</param>
    /// <returns>Whether the caller may retry.</returns>
    public bool TryRetry(long nowMs)
    {
        var second = (uint)(nowMs / 1000);
        ref var word = ref _seconds[second % WindowSeconds];
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var balance = SecondOf(seen) == second ? BalanceOf(seen) : 0;
            if (_reserve + balance + BalanceOfOthers(second) < RetryCost)
                return false;
            if (Interlocked.CompareExchange(ref word, Pack(second, balance - RetryCost), seen) == seen)
                return true;
        }
    }

    private long BalanceOfOthers(uint second)
    {
        var sum = 0L;
        foreach (ref var word in _seconds.AsSpan())
        {
            var seen = Volatile.Read(ref word);
            var age = second - SecondOf(seen);
            if (age is > 0 and < WindowSeconds)
                sum += BalanceOf(seen);
        }

        return sum;
    }

    private static uint SecondOf(long word) => (uint)(word >> 32);

    private static int BalanceOf(long word) => (int)word;

    private static long Pack(uint second, int balance) => ((long)second << 32) | (uint)balance;
}
