using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public class QueueSharingTests
{
    [Fact]
    public void The_line_that_made_the_fleet_grow_is_shared_evenly() =>
        Assert.Equal(20, QueueSharing.Keep(waiting: 80, waitingInAll: 80, ready: 4, threshold: 5));

    [Theory]
    [InlineData(5, 5, 4)]
    [InlineData(8, 16, 2)]
    [InlineData(80, 80, 1)]
    public void A_short_line_an_even_one_and_the_only_one_stay(int waiting, int inAll, int ready) =>
        Assert.Equal(-1, QueueSharing.Keep(waiting, inAll, ready, threshold: 5));

    [Fact]
    public void What_stays_is_never_more_than_there_was()
    {
        for (var waiting = 0; waiting < 100; waiting++)
        {
            for (var others = 0; others < 100; others += 7)
            {
                var keep = QueueSharing.Keep(waiting, waiting + others, 3, 5);
                Assert.True(keep < waiting || keep == -1, $"{keep} of {waiting}");
            }
        }
    }
}
