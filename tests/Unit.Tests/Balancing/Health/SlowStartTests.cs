using Shortline.Balancing.Health;

namespace Shortline.Unit.Tests.Balancing.Health;

public sealed class SlowStartTests
{
    [Theory]
    [InlineData(0, 1000, 0.1f)]
    [InlineData(50, 1000, 0.1f)]
    [InlineData(500, 1000, 0.5f)]
    [InlineData(1000, 1000, 1f)]
    [InlineData(99_999, 1000, 1f)]
    [InlineData(0, 0, 1f)]
    public void A_server_warms_up_over_the_window(long readyFor, int window, float ramp) =>
        Assert.Equal(ramp, SlowStart.Ramp(readyFor, window));

    [Fact]
    public void No_server_warms_up_while_all_are_new()
    {
        Assert.Equal(1f, SlowStart.Ramp(10, longestReadyForMs: 900, windowMs: 1000));
        Assert.Equal(0.1f, SlowStart.Ramp(10, longestReadyForMs: 1000, windowMs: 1000));
    }

    [Theory]
    [InlineData(0.1f, 1, 1)]
    [InlineData(0.5f, 1, 2)]
    [InlineData(0.5f, 8, 16)]
    [InlineData(1f, 1, int.MaxValue)]
    public void The_cap_of_a_warming_server_depends_on_its_ramp_and_its_workers(float ramp, int concurrency, int cap) =>
        Assert.Equal(cap, SlowStart.Cap(ramp, concurrency));
}
