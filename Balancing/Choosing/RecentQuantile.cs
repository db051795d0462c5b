namespace Shortline.Balancing;

/// <summary>Quantiles of the last 256 of some small whole numbers, kept as counts: adding is O(1), asking goes through the numbers from 0 up.</summary>
internal sealed class RecentQuantile
{
    private const int Kept = 256;

    /// <summary>What is larger counts as this.</summary>
    private const int Largest = 1023;

    private readonly short[] _recent = new short[Kept];
    private readonly int[] _counts = new int[Largest + 1];
    private long _added;

    /// <summary>Adds a number and forgets the oldest.</summary>
    /// <param name="number">At least 0.</param>
    public void Add(int number)
    {
        ref var place = ref _recent[_added % Kept];
        if (_added++ >= Kept)
            _counts[place]--;
        place = (short)Math.Min(number, Largest);
        _counts[place]++;
    }

    /// <summary>The least number that at least this part of the recent ones do not exceed.</summary>
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
