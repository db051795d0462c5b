using FsCheck;
using FsCheck.Fluent;
using Shortline.Client.Tool.Load;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Client.Tool;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Percents = [0, 1, 50, 90, 99, 99.9, 100];

    private static readonly Arbitrary<long[]> Latencies =
        (from bits in Gen.Choose(1, 41) from value in Gen.Choose(0, int.MaxValue) select (long)value << 10 >> Math.Max(0, 41 - bits))
        .NonEmptyListOf().Select(values => values.ToArray()).ToArbitrary();

    [Fact]
    public void Any_percentile_is_within_one_percent_of_the_exact_one() => Prop.ForAll(Latencies, values =>
    {
        var histogram = Of(values);
        var sorted = values.Order().ToArray();
        return histogram.Count == values.Length
            && histogram.MaxNanoseconds == sorted[^1]
            && Math.Abs(histogram.MeanNanoseconds - values.Average()) <= 1e-6 * values.Average()
            && Percents.All(percent => IsClose(histogram.Percentile(percent), sorted[Math.Max(1, (int)Math.Ceiling(percent / 100 * sorted.Length)) - 1]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_merged_histogram_equals_one_of_all_values() => Prop.ForAll(Latencies, Latencies, (first, second) =>
    {
        var merged = Of(first);
        merged.Add(Of(second));
        var whole = Of([.. first, .. second]);
        return merged.Count == whole.Count && merged.MaxNanoseconds == whole.MaxNanoseconds
            && Percents.All(percent => merged.Percentile(percent) == whole.Percentile(percent));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_difference_of_two_states_has_the_values_recorded_between_them() => Prop.ForAll(Latencies, Latencies, (before, after) =>
    {
        var difference = Of([.. before, .. after]).Since(Of(before));
        var exact = Of(after);
        return difference.Count == exact.Count && IsClose(difference.MaxNanoseconds, exact.MaxNanoseconds)
            && Percents.All(percent => IsClose(difference.Percentile(percent), exact.Percentile(percent)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_empty_histogram_has_only_zeros()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.Percentile(99));
        Assert.Equal(0, histogram.MaxNanoseconds);
        Assert.Equal(0, histogram.MeanNanoseconds);
    }

    [Fact]
    public void Values_outside_the_range_are_counted_at_its_ends()
    {
        var histogram = Of([-5, long.MaxValue]);
        Assert.Equal(0, histogram.Percentile(50));
        Assert.InRange(histogram.Percentile(100), LatencyHistogram.Largest.TotalNanoseconds * 0.99, LatencyHistogram.Largest.TotalNanoseconds * 1.01);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                histogram.Record(i * 1000);
        }));
    }

    private static bool IsClose(long value, long exact) => Math.Abs(value - exact) <= Math.Max(1, exact * 0.01);

    private static LatencyHistogram Of(long[] values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values)
            histogram.Record(value);
        return histogram;
    }
}
