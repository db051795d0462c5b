using Shortline.Balancing.Overload;

namespace Shortline.Unit.Tests.Balancing.Overload;

public sealed class ServiceTimeTests
{
    [Fact]
    public void The_first_sample_is_taken_as_it_is_with_half_of_it_as_deviation()
    {
        var time = new ServiceTime();
        Assert.False(time.IsKnown);
        Assert.Equal((0, 0), (time.Mean, time.Deviation));

        time.Observe(100);

        Assert.True(time.IsKnown);
        Assert.Equal((100, 50), (time.Mean, time.Deviation));
    }

    [Fact]
    public void Equal_samples_lead_to_their_value_without_deviation()
    {
        var time = new ServiceTime();
        time.Observe(1000);
        for (var i = 0; i < 100; i++)
            time.Observe(50);

        Assert.Equal(50, time.Mean, tolerance: 0.01);
        Assert.Equal(0, time.Deviation, tolerance: 0.1);
    }

    [Fact]
    public void Alternating_samples_lead_to_their_mean_and_distance()
    {
        var time = new ServiceTime();
        for (var i = 0; i < 200; i++)
            time.Observe(i % 2 == 0 ? 40 : 60);

        Assert.Equal(50, time.Mean, tolerance: 2);
        Assert.Equal(10, time.Deviation, tolerance: 2);
    }

    [Fact]
    public void Requests_that_stood_still_together_do_not_count()
    {
        var time = Usually(5);

        foreach (var (sample, end) in new[] { (5000L, 10_000L), (4990, 10_001), (5010, 10_002) })
            time.Observe(sample, end);

        Assert.Equal(5, time.Mean, tolerance: 0.01);
    }

    [Fact]
    public void A_second_long_request_that_began_later_makes_both_count()
    {
        var time = Usually(5);

        time.Observe(5000, 10_000);
        Assert.Equal(5, time.Mean, tolerance: 0.01);
        time.Observe(5000, 15_000);

        Assert.InRange(time.Mean, 1000, 2000);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(100, false)]
    public void A_long_request_is_remembered_for_some_samples(int between, bool counts)
    {
        var time = Usually(5);

        time.Observe(5000, 10_000);
        for (var i = 1; i <= between; i++)
            time.Observe(5, 10_000 + (5 * i));
        time.Observe(5000, 20_000);

        Assert.Equal(counts, time.Mean > 100);
    }

    [Fact]
    public void Times_that_become_longer_are_learned_within_a_few_samples()
    {
        var time = Usually(5);

        for (var i = 1; i <= 20; i++)
            time.Observe(1000, 1000 * (i + 1));

        Assert.InRange(time.Mean, 900, 1000);
    }

    /// <summary>A tenth of the requests of one operation take a hundred times as long as the others: they are part of its mean.</summary>
    [Fact]
    public void Long_requests_that_are_usual_count()
    {
        var time = new ServiceTime();
        var random = new Random(1);
        double sum = 0, means = 0;
        long now = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var sample = random.Next(10) == 0 ? 1000 : 10;
            now += sample;
            time.Observe(sample, now);
            (sum, means) = (sum + sample, means + time.Mean);
        }

        Assert.InRange(means / sum, 0.8, 1.2);
    }

    private static ServiceTime Usually(double sample)
    {
        var time = new ServiceTime();
        for (var i = 0; i < 100; i++)
            time.Observe(sample);
        return time;
    }
}
