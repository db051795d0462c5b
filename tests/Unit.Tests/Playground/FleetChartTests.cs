using Shortline.Playground.Screen;

namespace Shortline.Unit.Tests.Playground;

public sealed class FleetChartTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_chart_has_a_column_for_each_time_and_labelled_axes()
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
    public void A_cell_stands_for_several_servers_if_there_are_more_servers_than_lines()
    {
        var lines = FleetChart.Of([new(TimeSpan.Zero, 4), new(TimeSpan.FromSeconds(45), 7)], Minute, width: 25, height: 3, unicode: true);

        Assert.Equal(["  10┤               ▃▃▃▃▃", "   5┤▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆█████", "   0 1 min ago        now"], lines);
    }

    [Fact]
    public void The_chart_covers_more_minutes_of_a_longer_run_and_at_most_ten()
    {
        Assert.Contains("2 min ago", Axis(1.5), StringComparison.Ordinal);
        Assert.Contains("5 min ago", Axis(5), StringComparison.Ordinal);
        Assert.Contains("10 min ago", Axis(600), StringComparison.Ordinal);

        static string Axis(double minutes) => FleetChart.Of([new(TimeSpan.Zero, 2)], TimeSpan.FromMinutes(minutes), 25, 4, unicode: true)[^1];
    }

    [Fact]
    public void The_chart_is_empty_before_the_run_and_shows_short_peaks()
    {
        var line = FleetChart.Of(
            [new(TimeSpan.Zero, 1), new(TimeSpan.FromSeconds(20.1), 2), new(TimeSpan.FromSeconds(20.2), 1)],
            TimeSpan.FromSeconds(30), width: 25, height: 3, unicode: true);

        Assert.Equal("   2┤                █", line[0].TrimEnd());
        Assert.Equal("   1┤          ██████████", line[1]);
    }

    [Fact]
    public void A_partial_cell_is_drawn_whole_without_unicode()
    {
        var lines = FleetChart.Of([new(TimeSpan.Zero, 3)], Minute, width: 15, height: 3, unicode: false);

        Assert.Equal(["   4|##########", "   2|##########"], lines.Take(2));
        Assert.All(lines, line => Assert.All(line, letter => Assert.True(char.IsAscii(letter), line)));
    }

    [Fact]
    public void A_run_without_a_server_has_an_empty_chart() =>
        Assert.All(FleetChart.Of([], TimeSpan.Zero, 25, 4, unicode: true).Take(3), line => Assert.Equal(25, line.Length));
}
