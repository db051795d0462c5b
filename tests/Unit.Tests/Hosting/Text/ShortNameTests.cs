using Shortline.Hosting.Text;

namespace Shortline.Unit.Tests.Hosting.Text;

public sealed class ShortNameTests
{
    [Theory]
    [InlineData("machine", "machine")]
    [InlineData("Jörg's Mac (2)", "J-rg-s-Mac--2-")]
    [InlineData("", "-")]
    public void The_name_of_a_machine_becomes_a_short_name(string machine, string name)
    {
        Assert.Equal(name, ShortName.From(machine));
        Assert.True(ShortName.IsOne(name));
    }
}
