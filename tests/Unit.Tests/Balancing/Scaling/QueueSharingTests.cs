using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public class QueueSharingTests
{
    [Fact]
    public void A_long_queue_is_shared_evenly_among_the_ready_servers() =>
        Assert.Equal(20, QueueSharing.Keep(waiting: 80, waitingInAll: 80, ready: 4, threshold: 5));

    [Theory]
    [InlineData(5, 5, 4)]
    [InlineData(8, 16, 2)]
    [InlineData(80, 80, 1)]
    public void A_short_an_average_and_the_only_queue_are_not_shared(int waiting, int inAll, int ready) =>
        Assert.Equal(-1, QueueSharing.Keep(waiting, inAll, ready, threshold: 5));

    [Fact]
    public void The_requests_that_stay_are_never_more_than_there_were()
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
