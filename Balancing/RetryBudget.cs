namespace Shortline.Balancing;

/// <summary>
/// Allows retries as a share of the requests, so that retries cannot multiply an overload. After Finagle's <c>RetryBudget</c>: over the
/// last ten seconds at most 20 % of the requests, plus ten a second so that a quiet caller may retry too.
/// </summary>
/// <remarks>
/// Safe for any number of threads, without a lock: each second of the last ten has one word that holds the second's number and its
/// balance, changed by compare and swap. A caller whose clock reading is a little behind books into its own second.
/// </remarks>
public sealed class RetryBudget
{
    private const int WindowSeconds = 10;
    private const int RetryCost = 1000;

    /// <summary>High half: the number of the second. Low half: what requests paid in that second, less what retries cost.</summary>
    private readonly long[] _seconds = new long[WindowSeconds];
    private readonly int _deposit;
    private readonly long _reserve;

    /// <summary>Makes a budget with nothing spent.</summary>
    /// <param name="retriesPerRequest">Retries that each request pays for; 0 to 1.</param>
    /// <param name="retriesPerSecond">Retries a second that are free; 0 to 100,000.</param>
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
    /// <param name="nowMs">The time in milliseconds of a clock that does not go back; at least 0.</param>
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

    /// <summary>Takes the price of one retry, if the budget has it.</summary>
    /// <param name="nowMs">The time, as in <see cref="OnRequest"/>.</param>
    /// <returns>Whether the retry may be sent.</returns>
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
