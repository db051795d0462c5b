using Shortline.Hosting.Text;

namespace Shortline.Unit.Tests.Hosting.Text;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("10s", 10.0)]
    [InlineData("10", null)]
    [InlineData("1,5s", null)]
    [InlineData("1h", 3600.0)]
    [InlineData("1.5m", 90.0)]
    [InlineData("24H", 86_400.0)]
    [InlineData("0s", null)]
    [InlineData("-1s", null)]
    [InlineData("25h", null)]
    [InlineData("s", null)]
    [InlineData("1e9s", null)]
    [InlineData("", null)]
    public void A_duration_is_a_number_with_a_unit(string text, double? seconds)
    {
        Assert.Equal(seconds is not null, DurationText.TryRead(text, out var duration));
        Assert.Equal(seconds ?? 0, duration.TotalSeconds);
    }
}
