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
    public void The_requests_per_cell_are_a_round_number_at_which_the_longest_queue_fits(int longest, int perCell)
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
    public void A_partial_cell_is_drawn_as_a_half(int queue, string bar) => Assert.Equal(bar, QueueBar.Fitting(10, 20, unicode: true).Of(queue));

    [Theory]
    [InlineData(1, "#")]
    [InlineData(3, "##")]
    public void A_partial_cell_is_drawn_whole_without_unicode(int queue, string bar) => Assert.Equal(bar, QueueBar.Fitting(10, 20, unicode: false).Of(queue));

    [Fact]
    public void The_longest_possible_queue_fits() => Assert.InRange(QueueBar.Fitting(4, int.MaxValue, unicode: true).Of(int.MaxValue).Length, 1, 4);
}
