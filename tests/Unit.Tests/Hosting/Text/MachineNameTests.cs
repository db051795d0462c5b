using Shortline.Hosting;

namespace Shortline.Unit.Tests.Hosting;

public sealed class MachineNameTests
{
    [Fact]
    public void Two_processes_of_a_machine_have_two_names_that_are_allowed_however_long_the_machine_s_is()
    {
        Assert.Equal("host-11111", MachineName.Of("host", 11111));
        var name = MachineName.Of(new string('x', 200), 11112);
        Assert.EndsWith("x-11112", name, StringComparison.Ordinal);
        Assert.True(ShortName.IsOne(name));
    }
}
