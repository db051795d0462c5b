using Shortline.Balancing.Overload;

namespace Shortline.Unit.Tests.Balancing.Overload;

public sealed class QueueDelayTests
{
    [Fact]
    public void A_queue_in_which_everything_waits_for_a_whole_interval_stands()
    {
        var delay = new QueueDelay(target: 5, interval: 100);
        for (var now = 0; now < 100; now += 10)
            delay.Observe(6, now, usualService: 1);
        Assert.False(delay.IsStanding);

        Assert.True(delay.Observe(6, 100, usualService: 1));
        Assert.True(delay.IsStanding);
    }

    [Fact]
    public void One_request_that_does_not_wait_shows_that_the_queue_empties()
    {
        var delay = new QueueDelay(target: 5, interval: 100);
        for (var now = 0; now <= 200; now += 10)
            delay.Observe(now == 150 ? 0 : 60, now, usualService: 1);

        Assert.False(delay.IsStanding);
    }

    [Fact]
    public void Waiting_for_the_end_of_one_other_request_is_no_standing_queue()
    {
        var delay = new QueueDelay(target: 5, interval: 100);
        for (var now = 0; now <= 1000; now += 50)
            delay.Observe(45, now, usualService: 50);

        Assert.False(delay.IsStanding);
    }
}
