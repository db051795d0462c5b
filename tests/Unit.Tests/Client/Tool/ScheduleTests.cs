using Shortline.Client.Tool.Load;

namespace Shortline.Unit.Tests.Client.Tool;

public sealed class ScheduleTests
{
    private readonly Schedule _schedule = new(ticksPerSecond: 1000);

    [Fact]
    public void Requests_are_evenly_spaced()
    {
        Assert.Equal([0, 100, 200, 300], Take(now: 0).Concat(Take(now: 350)));
        Assert.Equal(TimeSpan.FromMilliseconds(50), _schedule.Wait(350, 10));
    }

    [Fact]
    public void Every_request_keeps_its_due_time_after_a_stall()
    {
        Assert.Equal([0], Take(now: 0));
        Assert.Equal(20, _schedule.Overdue(2050, 10));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => i * 100L), Take(now: 2050));
        Assert.Equal(0, _schedule.Overdue(2050, 10));
    }

    [Fact]
    public void A_raised_rate_takes_effect_at_once()
    {
        Assert.True(_schedule.TryTake(0, rate: 0.01, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(10), _schedule.Wait(500, rate: 100));
    }

    private List<long> Take(long now)
    {
        List<long> due = [];
        while (_schedule.TryTake(now, rate: 10, out var at))
            due.Add(at);
        return due;
    }
}
