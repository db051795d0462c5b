using Shortline.Playground.Run;
using Shortline.Playground.Screen;

namespace Shortline.Unit.Tests.Playground;

public sealed class FleetChartTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Servers_are_columns_over_time_with_labelled_axes()
    {
        var lines = FleetChart.Of([new(TimeSpan.Zero, 1), new(TimeSpan.FromSeconds(30), 3)], Minute, width: 25, height: 4, unicode: true);

        Assert.Equal(
            [
                "   3┤          ██████████",
                "   2┤          ██████████",
                "   1┤████████████████████",
                "   0 1 min ago        now",
            ],
            lines);
    }

    [Fact]
    public void More_servers_than_lines_are_parts_of_a_cell()
    {
        var lines = FleetChart.Of([new(TimeSpan.Zero, 4), new(TimeSpan.FromSeconds(45), 7)], Minute, width: 25, height: 3, unicode: true);

        Assert.Equal(["  10┤               ▃▃▃▃▃", "   5┤▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆█████", "   0 1 min ago        now"], lines);
    }

    [Fact]
    public void A_longer_run_shows_more_minutes_and_in_the_end_the_last_ten()
    {
        Assert.Contains("2 min ago", Axis(1.5), StringComparison.Ordinal);
        Assert.Contains("5 min ago", Axis(5), StringComparison.Ordinal);
        Assert.Contains("10 min ago", Axis(600), StringComparison.Ordinal);

        static string Axis(double minutes) => FleetChart.Of([new(TimeSpan.Zero, 2)], TimeSpan.FromMinutes(minutes), 25, 4, unicode: true)[^1];
    }

    [Fact]
    public void Before_the_run_there_is_nothing_and_a_short_peak_is_not_lost()
    {
        var line = FleetChart.Of(
            [new(TimeSpan.Zero, 1), new(TimeSpan.FromSeconds(20.1), 2), new(TimeSpan.FromSeconds(20.2), 1)],
            TimeSpan.FromSeconds(30), width: 25, height: 3, unicode: true);

        Assert.Equal("   2┤                █", line[0].TrimEnd());
        Assert.Equal("   1┤          ██████████", line[1]);
    }

    [Fact]
    public void Without_unicode_a_begun_cell_counts()
    {
        var lines = FleetChart.Of([new(TimeSpan.Zero, 3)], Minute, width: 15, height: 3, unicode: false);

        Assert.Equal(["   4|##########", "   2|##########"], lines.Take(2));
        Assert.All(lines, line => Assert.All(line, letter => Assert.True(char.IsAscii(letter), line)));
    }

    [Fact]
    public void A_run_without_a_server_has_an_empty_chart() =>
        Assert.All(FleetChart.Of([], TimeSpan.Zero, 25, 4, unicode: true).Take(3), line => Assert.Equal(25, line.Length));

    [Fact]
    public void Of_more_steps_than_are_kept_the_oldest_go()
    {
        var history = new FleetHistory();
        for (var i = 0; i < 1500; i++)
            history.Record(TimeSpan.FromSeconds(i), i);

        Assert.Equal((1000, 1499), (history.Steps.Count, history.Steps[^1].Ready));
    }
}
