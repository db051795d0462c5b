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
}
