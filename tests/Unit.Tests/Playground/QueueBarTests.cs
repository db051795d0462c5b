using Shortline.Playground.Screen;

namespace Shortline.Unit.Tests.Playground;

public sealed class QueueBarTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(21, 5)]
    [InlineData(51, 10)]
    [InlineData(101, 20)]
    [InlineData(201, 50)]
    [InlineData(1000, 100)]
    public void A_cell_stands_for_a_round_number_of_requests_so_that_the_longest_queue_fits(int longest, int perCell)
    {
        var bars = QueueBar.Fitting(10, longest, unicode: true);

        Assert.Equal(perCell, bars.PerCell);
        Assert.InRange(bars.Of(longest).Length, 0, 10);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "▌")]
    [InlineData(2, "█")]
    [InlineData(3, "█▌")]
    [InlineData(20, "██████████")]
    [InlineData(500, "██████████")]
    public void Parts_of_a_cell_are_drawn(int queue, string bar) => Assert.Equal(bar, QueueBar.Fitting(10, 20, unicode: true).Of(queue));

    [Theory]
    [InlineData(1, "#")]
    [InlineData(3, "##")]
    public void Without_unicode_a_begun_cell_counts(int queue, string bar) => Assert.Equal(bar, QueueBar.Fitting(10, 20, unicode: false).Of(queue));

    [Fact]
    public void The_longest_possible_queue_has_a_bar() => Assert.InRange(QueueBar.Fitting(4, int.MaxValue, unicode: true).Of(int.MaxValue).Length, 1, 4);
}
