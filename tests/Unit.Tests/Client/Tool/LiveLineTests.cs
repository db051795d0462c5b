using Shortline.Client.Tool;
using Spectre.Console;

namespace Shortline.Unit.Tests.Client.Tool;

public sealed class LiveLineTests
{
    /// <summary>With TERM dumb, unknown or missing, a terminal is interactive and has no control sequences.</summary>
    [Theory]
    [InlineData(InteractionSupport.Yes, AnsiSupport.Yes, true)]
    [InlineData(InteractionSupport.Yes, AnsiSupport.No, false)]
    [InlineData(InteractionSupport.No, AnsiSupport.Yes, false)]
    public void A_line_is_changed_only_where_the_terminal_can_do_that(InteractionSupport interactive, AnsiSupport ansi, bool can)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Interactive = interactive, Ansi = ansi, Out = new AnsiConsoleOutput(output) });

        Assert.Equal(can, LiveLine.CanChangeLines(console.Profile.Capabilities));
    }
}
