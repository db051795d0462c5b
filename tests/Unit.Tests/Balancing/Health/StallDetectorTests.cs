using Shortline.Balancing.Health;

namespace Shortline.Unit.Tests.Balancing.Health;

public sealed class StallDetectorTests
{
    [Theory]
    [InlineData(0, 99_999, 1, false)] // no work, no stall
    [InlineData(1, 500, 1, false)] // at the limit
    [InlineData(1, 501, 1, true)]
    [InlineData(1, 501, 0, true)] // never answered: stall_ms counts
    [InlineData(1, 900, 200, false)] // slow as ever
    [InlineData(1, 1001, 200, true)]
    public void A_server_with_work_and_no_answers_is_stalled(int inFlight, double silentMs, double serviceMs, bool stalled) =>
        Assert.Equal(stalled, StallDetector.IsStalled(inFlight, silentMs, serviceMs, stallMs: 500));

    [Theory]
    [InlineData(4, 4, false)]
    [InlineData(2, 4, false)]
    [InlineData(1, 4, true)]
    [InlineData(0, 1, true)]
    [InlineData(0, 0, false)]
    public void When_fewer_than_half_are_usable_all_are_used(int usable, int ready, bool all) =>
        Assert.Equal(all, StallDetector.UseAll(usable, ready));
}
