using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public sealed class LoadHistoryTests
{
    [Fact]
    public void The_history_keeps_the_window_and_the_sample_at_its_beginning()
    {
        var history = LoadHistory.Empty;
        for (var t = 0; t <= 10_000; t += 100)
            history = history.Add(Sample(t), windowMs: 1000);

        Assert.Equal(9000, history.Oldest.TimeMs);
        Assert.Equal(10_000, history.Latest.TimeMs);
        Assert.Equal(9500, history.At(9550).TimeMs);
        Assert.Equal(9000, history.At(-5).TimeMs);
    }

    [Fact]
    public void The_history_is_bounded_and_keeps_peaks()
    {
        var history = LoadHistory.Empty;
        for (var t = 0; t <= 60_000; t++)
            history = history.Add(Sample(t, need: t == 30_123 ? 9 : 1), windowMs: 60_000);

        Assert.InRange(history.Count, 100, 600);
        Assert.Equal(9, history.PeakNeed());
        Assert.Equal(30_000, history.At(30_000).TimeMs, tolerance: 130);
    }

    [Fact]
    public void The_mean_between_two_samples_needs_only_these_two()
    {
        var first = new LoadSample(1000, 10, 500, 500, 0, 0, 0);
        var last = new LoadSample(3000, 50, 4500, 9500, 0, 8000, 0);

        Assert.Equal(2, last.OfferedSince(first));
        Assert.Equal(4, last.BacklogSince(first));
        Assert.Equal(0, last.OfferedSince(last));
    }

    [Fact]
    public void Work_counts_no_more_than_requests_were_present_but_refused_work_counts_in_full()
    {
        var first = new LoadSample(1000, 0, 0, 0, 0, 0, 0);
        var last = new LoadSample(3000, 1, Work: 40_000, Presence: 2000, RefusedWork: 6000, 0, 0);

        Assert.Equal(4, last.OfferedSince(first));
    }

    private static LoadSample Sample(long t, double need = 0) => new(t, 0, 0, 0, 0, 0, need);
}
