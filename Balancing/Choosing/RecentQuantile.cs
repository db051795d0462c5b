namespace Shortline.Balancing.Choosing;

/// <summary>
/// Computes quantiles of the last 256 samples of small integers from a histogram. Adding is O(1); a query scans the histogram from 0.
/// </summary>
internal sealed class RecentQuantile
{
    private const int Kept = 256;

    /// <summary>Larger numbers count as this.</summary>
    private const int Largest = 1023;

    private readonly short[] _recent = new short[Kept];
    private readonly int[] _counts = new int[Largest + 1];
    private long _added;

    /// <summary>Adds a number and removes the oldest.</summary>
    /// <param name="number">At least 0.</param>
    public void Add(int number)
    {
        ref var place = ref _recent[_added % Kept];
        if (_added++ >= Kept)
            _counts[place]--;
        place = (short)Math.Min(number, Largest);
        _counts[place]++;
    }

    /// <summary>Returns the smallest number that is not exceeded by at least this part of the samples.</summary>
    /// <param name="quantile">0 to 1.</param>
    public int Of(double quantile)
    {
        var rank = quantile * Math.Min(_added, Kept);
        var seen = 0;
        for (var number = 0; number < Largest; number++)
        {
            seen += _counts[number];
            if (seen >= rank)
                return number;
        }

        return Largest;
    }
}
