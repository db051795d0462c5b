using System.CommandLine;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Start;

namespace Shortline.Unit.Tests.Hosting.Start;

/// <summary>Command lines like those of the client tool.</summary>
public sealed class UnknownOptionsTests
{
    private const string Hint = "--help lists the options.";

    [Theory]
    [InlineData("ls --long", "'--long' is not an option of ls. If it is a name: ls -- --long")]
    [InlineData("ls -l", "'-l' is not an option of ls. If it is a name: ls -- -l")]
    [InlineData("ls --tcpp", "'--tcpp' is not an option of ls; did you mean --tcp?")]
    [InlineData("get --forec x", "'--forec' is not an option of get; did you mean --force?")]
    [InlineData("get x --outptu=y", "'--outptu' is not an option of get; did you mean --output?")]
    [InlineData("get --forec --tpc x y", "'--forec' is not an option of get; did you mean --force?", "'--tpc' is not an option of get; did you mean --tcp?")]
    [InlineData("--server.count 4", "'--server.count' is not an option.")]
    [InlineData("get x y", "Unrecognized command or argument 'y'.")]
    public void The_misspelt_option_is_blamed_and_nothing_else(string words, params string[] faults)
    {
        var (faulty, lines) = Check(words);

        Assert.True(faulty);
        Assert.Equal([.. faults, Hint], lines);
    }

    [Theory]
    [InlineData("ls -- --long")]
    [InlineData("ls -- --server:count")]
    [InlineData("get -")]
    [InlineData("get --output -x y")]
    [InlineData("get --output=--x y")]
    [InlineData("get -5")]
    public void Names_and_values_may_begin_with_a_hyphen(string words) => Assert.Equal((false, 0), (Check(words).Faulty, Check(words).Lines.Length));

    private static (bool Faulty, string[] Lines) Check(string words)
    {
        var tcp = new Option<bool>("--tcp");
        var list = new Command("ls") { new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne }, tcp };
        var get = new Command("get") { new Argument<string>("NAME"), new Option<string?>("--output", "-o"), new Option<bool>("--force"), tcp };
        using var error = new StringWriter();
        var faulty = ProgramOptions.HasFaults(ProgramOptions.Parse(new RootCommand { list, get }, SettingsArguments.Split(words.Split(' '))), error);
        return (faulty, error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
