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
    public void Enter_takes_the_default_of_every_question()
    {
        var answers = Ask(new PlaygroundArguments(), out _, [.. Enumerable.Repeat(ConsoleKey.Enter, 5)]);

        Assert.Equal(("shortest_queue", "4", "1", "10"), (answers.Algorithm, answers.Servers, answers.Weights, answers.Clients));
    }

    [Fact]
    public void The_static_algorithms_are_offered_after_the_choice_of_static()
    {
        var answers = Ask(
            new PlaygroundArguments { Servers = "3", Clients = "5", Words = ["--server:weights=1"] },
            out var text,
            ConsoleKey.DownArrow, ConsoleKey.Enter, ConsoleKey.DownArrow, ConsoleKey.Enter);

        Assert.Equal("consistent_hash", answers.Algorithm);
        Assert.Contains("> round_robin", text, StringComparison.Ordinal);
        Assert.Contains("weighted_round_robin", text, StringComparison.Ordinal);
        Assert.DoesNotContain("shortest_queue", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_weights_are_printed_and_become_the_setting()
    {
        var answers = Ask(
            new PlaygroundArguments { Algorithm = "weighted_round_robin", Clients = "5" },
            out var text,
            ConsoleKey.D3, ConsoleKey.Enter, ConsoleKey.DownArrow, ConsoleKey.Enter);

        var weights = answers.Weights!.Split(',').Select(int.Parse).ToList();
        Assert.Equal(Settings.Server.MaxCount, weights.Count);
        Assert.All(weights, weight => Assert.InRange(weight, 1, 9));
        Assert.Contains($"They are: {string.Join(", ", weights.Take(3))}\n", text, StringComparison.Ordinal);
        Assert.Equal(answers.Weights, Assert.Single(answers.ToSettings().Provider.Entries, entry => entry.Path == "server.weights").Value);
    }

    [Fact]
    public void Questions_that_the_command_line_answers_are_not_asked()
    {
        var given = new PlaygroundArguments { Algorithm = "random", Servers = "3", Clients = "5", Words = ["--server:weights", "random"] };

        Assert.Equal(given, Ask(given, out var output));
        Assert.Empty(output);
    }

    [Fact]
    public void An_invalid_number_is_asked_for_again()
    {
        var answers = Ask(
            new PlaygroundArguments { Algorithm = "random", Clients = "5", Words = ["--server:weights=1"] },
            out var text,
            ConsoleKey.D0, ConsoleKey.Enter, ConsoleKey.D7, ConsoleKey.Enter);

        Assert.Equal("7", answers.Servers);
        Assert.Contains("From 1 to 1000.", text, StringComparison.Ordinal);
    }

    private static PlaygroundArguments Ask(PlaygroundArguments arguments, out string text, params ConsoleKey[] keys)
    {
        using var console = new ScriptedConsole(keys);
        var answers = new Questions(console, new Random(1)).Ask(arguments, Read);
        text = console.Output;
        Assert.Equal(0, console.KeysLeft);
        return answers;
    }

    private static ShortlineSettings Read(PlaygroundArguments arguments) => Settings with
    {
        Server = Settings.Server with { Count = arguments.Servers is { } count ? int.Parse(count) : Settings.Server.Count },
    };
}
