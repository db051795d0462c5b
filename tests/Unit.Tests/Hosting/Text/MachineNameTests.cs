using Shortline.Hosting.Text;

namespace Shortline.Unit.Tests.Hosting.Text;

public sealed class MachineNameTests
{
    [Fact]
    public void The_name_ends_with_the_number_and_is_a_short_name()
    {
        Assert.Equal("host-11111", MachineName.Of("host", 11111));
        var name = MachineName.Of(new string('x', 200), 11112);
        Assert.EndsWith("x-11112", name, StringComparison.Ordinal);
        Assert.True(ShortName.IsOne(name));
    }
}
