using Shortline.Grains.Fleet;

namespace Shortline.Unit.Tests.Grains.Fleet;

public sealed class PushPaceTests
{
    [Theory]
    [InlineData(0, 1, 100)]
    [InlineData(100, 4, 100)]
    [InlineData(1000, 50, 250)]
    [InlineData(10_000, 20, 1000)]
    [InlineData(10_000, 1000, 2000)]
    public void A_larger_push_to_more_gateways_is_followed_by_a_longer_pause(int changed, int gateways, int expectedMs) =>
        Assert.Equal(expectedMs, PushPace.Pause(changed, gateways).TotalMilliseconds, tolerance: 0.001);
}
