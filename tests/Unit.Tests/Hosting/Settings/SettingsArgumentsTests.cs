using Shortline.Hosting.Settings.Sources;

namespace Shortline.Unit.Tests.Hosting.Settings;

public sealed class SettingsArgumentsTests
{
    [Fact]
    public void Options_with_a_colon_are_settings_and_all_other_words_belong_to_the_program()
    {
        var arguments = SettingsArguments.Split(
            ["--gateway", "--server:count", "4", "run", "--gateway=host:1", "--logs:level=debug", "--name", "a:b", "-x"]);

        Assert.Equal(["--gateway", "run", "--gateway=host:1", "--name", "a:b", "-x"], arguments.Others);
        Assert.Equal([("server.count", "4"), ("logs.level", "debug")], arguments.Provider.Entries.Select(entry => (entry.Path, entry.Value)));
    }
}
