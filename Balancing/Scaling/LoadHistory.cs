using System.Collections.Immutable;

namespace Shortline.Balancing.Scaling;

/// <summary>The samples of the last stable window, oldest first. Immutable and bounded.</summary>
internal sealed class LoadHistory
{
    /// <summary>
    /// The maximum number of samples. Samples that are closer are merged, so even a window of an hour with a sample every 10 ms stays
    /// small.
    /// </summary>
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

    /// <summary>Raises the need of the latest sample.</summary>
    public LoadHistory WithNeed(double need) =>
        need > Latest.Need ? new(_samples.SetItem(_samples.Length - 1, Latest with { Need = need })) : this;

    /// <summary>Returns the latest sample that is not newer than <paramref name="timeMs"/>, or the oldest one if all are newer.</summary>
    public LoadSample At(long timeMs) => _samples[Math.Max(0, IndexBefore(timeMs))];

    /// <summary>Returns the largest need in the history.</summary>
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
/// The demand up to one moment, as running totals. The difference of two samples divided by the time between them is the mean of that
/// period, however long it is.
/// </summary>
/// <param name="TimeMs">The time of the sample in milliseconds.</param>
/// <param name="Arrivals">The number of requests that have arrived.</param>
/// <param name="Work">The time for which those that were accepted keep a server busy, in milliseconds.</param>
/// <param name="Presence">The time that requests spent at servers, divided by the workers of each, in milliseconds.</param>
/// <param name="RefusedWork">The time for which the refused requests would have kept a server busy, in milliseconds.</param>
/// <param name="Backlog">The number of waiting requests, integrated over time in milliseconds.</param>
/// <param name="Need">
/// Not a total: the largest number of servers needed since the previous sample, by the panic window or by the queues.
/// </param>
internal readonly record struct LoadSample(
    long TimeMs, double Arrivals, double Work, double Presence, double RefusedWork, double Backlog, double Need)
{
    /// <summary>
    /// The mean number of servers that the work which arrived since an earlier sample keeps busy. It is never more than the mean number of
    /// requests that were there, because each keeps one worker busy at most.
    /// </summary>
    public double OfferedSince(in LoadSample earlier) =>
        MeanOf(Math.Min(Work - earlier.Work, Presence - earlier.Presence) + (RefusedWork - earlier.RefusedWork), earlier);

    /// <summary>The mean number of waiting requests since an earlier sample.</summary>
    public double BacklogSince(in LoadSample earlier) => MeanOf(Backlog - earlier.Backlog, earlier);

    private double MeanOf(double difference, in LoadSample earlier) =>
        TimeMs > earlier.TimeMs ? difference / (TimeMs - earlier.TimeMs) : 0;
}
