using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ReportScheduleTests
{
    private readonly ReportSchedule _schedule = new(threshold: 5, soon: 100, pause: 10, heartbeat: 10_000);

    public ReportScheduleTests() => _schedule.Reported(ServerStatus.Ready, queueLength: 0, version: 1, now: 1000);

    [Fact]
    public void The_next_report_is_the_heartbeat_if_nothing_changes() => Assert.Equal(11_000, _schedule.NextReport(ServerStatus.Ready, 0, 1));

    [Fact]
    public void A_change_is_reported_a_tenth_of_a_second_after_the_last_report() =>
        Assert.Equal(1100, _schedule.NextReport(ServerStatus.Ready, 3, 2));

    [Fact]
    public void A_change_of_status_is_reported_at_once() =>
        Assert.Equal(long.MinValue, _schedule.NextReport(ServerStatus.Draining, 0, 1));

    [Fact]
    public void Crossing_the_threshold_is_reported_at_once_in_either_direction()
    {
        Assert.Equal(1100, _schedule.NextReport(ServerStatus.Ready, 5, 2));
        Assert.Equal(1010, _schedule.NextReport(ServerStatus.Ready, 6, 2));
        _schedule.Reported(ServerStatus.Ready, 6, 2, now: 2000);
        Assert.Equal(2100, _schedule.NextReport(ServerStatus.Ready, 7, 3));
        Assert.Equal(2010, _schedule.NextReport(ServerStatus.Ready, 5, 3));
    }
}
