using Shortline.Hosting;

namespace Shortline.Unit.Tests.Hosting;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("cuont", "count")]
    [InlineData("max_cuont", "max_count")]
    [InlineData("COUNT", "count")]
    [InlineData("port_start", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void A_slip_of_the_hand_is_found_and_another_word_is_not(string written, string? meant) =>
        Assert.Equal(meant, NearestName.Of(written, ["count", "max_count", "port_range_start"]));

    [Fact]
    public void Nothing_is_near_to_a_very_long_name_or_in_an_empty_list()
    {
        Assert.Null(NearestName.Of(new string('x', 100_000), ["count"]));
        Assert.Null(NearestName.Of("count", []));
    }
}
