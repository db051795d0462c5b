using System.Collections.Immutable;

namespace Shortline.Balancing;

/// <summary>The samples of the last stable window, oldest first; immutable and bounded.</summary>
internal sealed class LoadHistory
{
    /// <summary>Samples kept at most: closer ones are merged, so a window of an hour and a look every 10 ms stay small.</summary>
    private const int Resolution = 512;

    public static readonly LoadHistory Empty = new([]);

    private readonly ImmutableArray<LoadSample> _samples;

    private LoadHistory(ImmutableArray<LoadSample> samples) => _samples = samples;

    public int Count => _samples.Length;

    public bool IsEmpty => _samples.IsEmpty;

    public LoadSample Latest => _samples[^1];

    public LoadSample Oldest => _samples[0];

    public LoadHistory Add(LoadSample sample, int windowMs)
    {
        var first = Math.Max(0, IndexBefore(sample.TimeMs - windowMs));
        var kept = _samples.Length == 0 ? _samples : _samples.RemoveRange(0, first);
        if (kept.Length >= 2 && sample.TimeMs - kept[^2].TimeMs <= windowMs / Resolution)
        {
            sample = sample with { Need = Math.Max(sample.Need, kept[^1].Need) };
            return new(kept.SetItem(kept.Length - 1, sample));
        }

        return new(kept.Add(sample));
    }

    /// <summary>Notes what else asked for servers at the time of the latest sample.</summary>
    public LoadHistory WithNeed(double need) =>
        need > Latest.Need ? new(_samples.SetItem(_samples.Length - 1, Latest with { Need = need })) : this;

    /// <summary>The last sample that is at least as old as <paramref name="timeMs"/>; the oldest if all are younger.</summary>
    public LoadSample At(long timeMs) => _samples[Math.Max(0, IndexBefore(timeMs))];

    /// <summary>The largest need in the history.</summary>
    public double PeakNeed()
    {
        var peak = 0.0;
        foreach (ref readonly var sample in _samples.AsSpan())
            peak = Math.Max(peak, sample.Need);
        return peak;
    }

    private int IndexBefore(long timeMs)
    {
        int low = 0, high = _samples.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_samples[middle].TimeMs <= timeMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }
}

/// <summary>
/// Demand up to one moment, as running totals: the difference of two samples over the time between them is the mean in between,
/// however far apart they are.
/// </summary>
/// <param name="TimeMs">The moment.</param>
/// <param name="Arrivals">Requests that have arrived.</param>
/// <param name="Work">The time they keep a server busy, in milliseconds.</param>
/// <param name="Backlog">Waiting requests, times milliseconds.</param>
/// <param name="Need">Not a total: the most servers that were needed since the sample before, by the panic window or the queues.</param>
internal readonly record struct LoadSample(long TimeMs, double Arrivals, double Work, double Backlog, double Need)
{
    /// <summary>Servers' worth of work that arrived between an earlier sample and this one, per unit of time.</summary>
    public double OfferedSince(in LoadSample earlier) => MeanOf(Work - earlier.Work, earlier);

    /// <summary>Mean waiting requests between an earlier sample and this one.</summary>
    public double BacklogSince(in LoadSample earlier) => MeanOf(Backlog - earlier.Backlog, earlier);

    private double MeanOf(double difference, in LoadSample earlier) =>
        TimeMs > earlier.TimeMs ? difference / (TimeMs - earlier.TimeMs) : 0;
}
