using Shortline.Hosting.Text;

namespace Shortline.Unit.Tests.Hosting.Text;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("cuont", "count")]
    [InlineData("max_cuont", "max_count")]
    [InlineData("COUNT", "count")]
    [InlineData("port_start", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void A_misspelt_name_is_found_and_another_word_has_no_nearest_name(string text, string? expected) =>
        Assert.Equal(expected, NearestName.Of(text, ["count", "max_count", "port_range_start"]));

    [Fact]
    public void A_very_long_text_and_an_empty_list_have_no_nearest_name()
    {
        Assert.Null(NearestName.Of(new string('x', 100_000), ["count"]));
        Assert.Null(NearestName.Of("count", []));
    }
}
