using Shortline.Balancing.Choosing;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Settings.Sources;
using Shortline.Playground.Command;

namespace Shortline.Unit.Tests.Playground;

public sealed class PlaygroundCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Short_options_become_settings()
    {
        var arguments = Read("--servers", "6", "--clients", "20", "--algorithm", "round_robin", "--duration", "10s", "--server:concurrency", "2");

        var settings = Settings(arguments!);

        Assert.Equal((6, 2, 20, "round_robin"), (settings.Server.Count, settings.Server.Concurrency, settings.Client.Count, settings.LoadBalancer.Algorithm));
        Assert.Equal(TimeSpan.FromSeconds(10), arguments!.Duration);
    }

    [Fact]
    public void The_default_is_four_servers_ten_clients_and_a_free_port()
    {
        var settings = Settings(Read()!);

        Assert.Equal((4, 10, 0), (settings.Server.Count, settings.Client.Count, settings.LoadBalancer.ClientSidePort));
    }

    [Fact]
    public void More_servers_than_the_default_limit_are_allowed() => Assert.Equal(40, Settings(Read("--servers", "40")!).Server.Count);

    [Fact]
    public void An_invalid_number_of_servers_is_reported_as_a_fault_of_the_setting()
    {
        var result = Result(Read("--servers", "many")!);

        Assert.Equal("server.count = many: a whole number from 1 to 10000 (command line)", Assert.Single(result.Faults));
    }

    [Theory]
    [InlineData("--duration", "soon", "'soon' is not allowed for --duration: a number with its unit (ms, s, m or h), such as 500ms, 10s or 2m, above 0 and at most 24h.")]
    [InlineData("--rate", "0", "'0' is not allowed for --rate: a number from 0.001 to 1000000.")]
    [InlineData("--rate", "1,5", "'1,5' is not allowed for --rate: a number from 0.001 to 1000000.")]
    [InlineData("--sevrers", "4", "'--sevrers'")]
    public void An_invalid_option_is_named_and_exits_with_1(string option, string value, string message)
    {
        Assert.Null(Read(out var exitCode, option, value));
        Assert.Equal(2, exitCode);
        Assert.Contains(message, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_conversation_is_printed_only_with_the_option() =>
        Assert.Equal((false, true), (Read()!.Conversation, Read("--conversation")!.Conversation));

    [Fact]
    public void The_playground_serves_its_own_files_unless_the_settings_name_a_folder()
    {
        var own = PlaygroundDefaults.WithFiles(Settings(Read()!)).Server.FileRoot;
        var named = new ShortlineSettings { Server = new ServerSettings { FileRoot = "mine" } };

        Assert.True(File.Exists(Path.Combine(own, "hello.txt")), own);
        Assert.Equal(named, PlaygroundDefaults.WithFiles(named));
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("random", "drawn from 1 to 9")]
    [InlineData("5,3", "5, 3, 5, 3")]
    public void Weights_are_described_unless_they_are_equal(string weights, string? description)
    {
        var settings = Settings(Read("--server:weights", weights)!);

        Assert.Equal(description, WeightText.Of(settings.Server.Weights, settings.Server.Count));
    }

    [Fact]
    public void Help_lists_the_options_and_exits_with_0()
    {
        Assert.Null(Read(out var exitCode, "--help"));
        Assert.Equal(0, exitCode);
        Assert.Contains("--servers <N>", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--server:count", true)]
    [InlineData("--server:count=3", true)]
    [InlineData("--server:count_of", false)]
    [InlineData("--client:count", false)]
    public void Sets_recognizes_a_setting_on_the_command_line(string word, bool set) =>
        Assert.Equal(set, new PlaygroundArguments { Words = [word] }.Sets("server:count"));

    private PlaygroundArguments? Read(params string[] words) => Read(out _, words);

    private PlaygroundArguments? Read(out int exitCode, params string[] words) => new PlaygroundCommand().Read(words, _output, _error, out exitCode);

    private static ShortlineSettings Settings(PlaygroundArguments arguments)
    {
        var result = Result(arguments);
        Assert.True(result.IsValid, result.Describe());
        return result.Settings;
    }

    private static SettingsResult Result(PlaygroundArguments arguments) => SettingsReader.Read(new SettingsSources
    {
        WorkingDirectory = AppContext.BaseDirectory,
        Arguments = arguments.ToSettings(),
        ProgramDefaults = PlaygroundDefaults.For(arguments.Servers),
        KnownAlgorithms = BalancingPolicies.Names,
    });
}
