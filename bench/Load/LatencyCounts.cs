using System.Diagnostics;
using System.Numerics;

namespace Shortline.Bench;

/// <summary>Latencies counted in buckets that are at most 1/32 wider than their start, up to any length. One writer.</summary>
internal sealed class LatencyCounts
{
    private const int SubBits = 5;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets * 2];

    internal long Total { get; private set; }

    internal void Add(long stopwatchTicks)
    {
        var value = (ulong)Math.Max(0, stopwatchTicks);
        var shift = Math.Max(0, BitOperations.Log2(value | 1) - SubBits);
        _counts[(shift * SubBuckets) + (int)(value >> shift)]++;
        Total++;
    }

    internal void Clear()
    {
        Array.Clear(_counts);
        Total = 0;
    }

    /// <summary>Microseconds that <paramref name="share"/> (0 to 1) of the latencies do not exceed, by the middle of the bucket; 0 if there are none.</summary>
    internal double Microseconds(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Total));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && Total > 0)
                return Middle(i) * 1e6 / Stopwatch.Frequency;
        }

        return 0;
    }

    private static double Middle(int index)
    {
        if (index < 2 * SubBuckets)
            return index;
        var shift = (index / SubBuckets) - 1;
        return (index - (shift * SubBuckets) + 0.5) * Math.Pow(2, shift);
    }
}
