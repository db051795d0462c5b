using Shortline.Balancing.Health;

namespace Shortline.Unit.Tests.Balancing.Health;

public sealed class StallDetectorTests
{
    [Theory]
    [InlineData(0, 99_999, 1, false)] // Without work there is no stall.
    [InlineData(1, 500, 1, false)] // At the limit.
    [InlineData(1, 501, 1, true)]
    [InlineData(1, 501, 0, true)] // It has never answered, so only stall_ms counts.
    [InlineData(1, 900, 200, false)] // Not longer than five service times.
    [InlineData(1, 1001, 200, true)]
    public void A_server_with_requests_in_flight_and_no_answers_is_stalled(int inFlight, double silentMs, double serviceMs, bool stalled) =>
        Assert.Equal(stalled, StallDetector.IsStalled(inFlight, silentMs, serviceMs, stallMs: 500));

    [Theory]
    [InlineData(4, 4, false)]
    [InlineData(2, 4, false)]
    [InlineData(1, 4, true)]
    [InlineData(0, 1, true)]
    [InlineData(0, 0, false)]
    public void All_servers_are_used_if_fewer_than_half_are_usable(int usable, int ready, bool all) =>
        Assert.Equal(all, StallDetector.UseAll(usable, ready));
}
