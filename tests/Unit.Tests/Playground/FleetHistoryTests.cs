using Shortline.Playground.Run;

namespace Shortline.Unit.Tests.Playground;

public sealed class FleetHistoryTests
{
    [Fact]
    public void The_history_drops_the_oldest_steps_beyond_its_limit()
    {
        var history = new FleetHistory();
        for (var i = 0; i < 1500; i++)
            history.Record(TimeSpan.FromSeconds(i), i);

        Assert.Equal((1000, 1499), (history.Steps.Count, history.Steps[^1].Ready));
    }
}
