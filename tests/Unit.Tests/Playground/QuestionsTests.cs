using Shortline.Balancing.Choosing;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Playground.Command;

namespace Shortline.Unit.Tests.Playground;

public sealed class QuestionsTests
{
    private static readonly ShortlineSettings Settings = new()
    {
        Server = new ServerSettings { Count = 4 },
        LoadBalancer = new LoadBalancerSettings { Algorithm = BalancingPolicies.ShortestQueue },
    };

    [Fact]
    public void Enter_takes_the_default_everywhere()
    {
        var answers = Ask(new PlaygroundArguments(), out _, [.. Enumerable.Repeat(ConsoleKey.Enter, 5)]);

        Assert.Equal(("shortest_queue", "4", "1", "10"), (answers.Algorithm, answers.Servers, answers.Weights, answers.Clients));
    }

    [Fact]
    public void A_static_algorithm_is_chosen_among_the_static_ones()
    {
        var answers = Ask(
            new PlaygroundArguments { Servers = "3", Clients = "5", Words = ["--server:weights=1"] },
            out var said,
            ConsoleKey.DownArrow, ConsoleKey.Enter, ConsoleKey.DownArrow, ConsoleKey.Enter);

        Assert.Equal("consistent_hash", answers.Algorithm);
        Assert.Contains("> round_robin", said, StringComparison.Ordinal);
        Assert.Contains("weighted_round_robin", said, StringComparison.Ordinal);
        Assert.DoesNotContain("shortest_queue", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_weights_are_told_and_are_the_ones_that_the_servers_get()
    {
        var answers = Ask(
            new PlaygroundArguments { Algorithm = "weighted_round_robin", Clients = "5" },
            out var said,
            ConsoleKey.D3, ConsoleKey.Enter, ConsoleKey.DownArrow, ConsoleKey.Enter);

        var weights = answers.Weights!.Split(',').Select(int.Parse).ToList();
        Assert.Equal(Settings.Server.MaxCount, weights.Count);
        Assert.All(weights, weight => Assert.InRange(weight, 1, 9));
        Assert.Contains($"They are: {string.Join(", ", weights.Take(3))}\n", said, StringComparison.Ordinal);
        Assert.Equal(answers.Weights, Assert.Single(answers.ToSettings().Provider.Entries, entry => entry.Path == "server.weights").Value);
    }

    [Fact]
    public void What_the_command_line_says_is_not_asked()
    {
        var said = new PlaygroundArguments { Algorithm = "random", Servers = "3", Clients = "5", Words = ["--server:weights", "random"] };

        Assert.Equal(said, Ask(said, out var output));
        Assert.Empty(output);
    }

    [Fact]
    public void A_number_that_makes_no_sense_is_asked_for_again()
    {
        var answers = Ask(
            new PlaygroundArguments { Algorithm = "random", Clients = "5", Words = ["--server:weights=1"] },
            out var said,
            ConsoleKey.D0, ConsoleKey.Enter, ConsoleKey.D7, ConsoleKey.Enter);

        Assert.Equal("7", answers.Servers);
        Assert.Contains("From 1 to 1000.", said, StringComparison.Ordinal);
    }

    private static PlaygroundArguments Ask(PlaygroundArguments arguments, out string said, params ConsoleKey[] keys)
    {
        using var console = new ScriptedConsole(keys);
        var answers = new Questions(console, new Random(1)).Ask(arguments, Read);
        said = console.Output;
        Assert.Equal(0, console.KeysLeft);
        return answers;
    }

    private static ShortlineSettings Read(PlaygroundArguments arguments) => Settings with
    {
        Server = Settings.Server with { Count = arguments.Servers is { } count ? int.Parse(count) : Settings.Server.Count },
    };
}
