using System.Text.RegularExpressions;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests;

public sealed partial class PlaygroundTests : IDisposable
{
    private readonly WorkingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_Playground_without_a_terminal_asks_nothing_prints_lines_and_loses_no_request()
    {
        await using var playground = _folder.Start(ProgramFile.Playground, "--servers", "4", "--clients", "10", "--duration", "3s");

        Assert.True(await playground.WaitForExit() == 0, playground.Describe());
        var requests = Requests().Match(playground.Output);
        Assert.True(requests.Success, playground.Describe());
        Assert.True(long.Parse(requests.Groups["started"].Value) > 100, playground.Describe());
        Assert.Equal(requests.Groups["started"].Value, requests.Groups["ok"].Value);
        Assert.Contains("error 0  rejected 0  expired 0  lost 0  no answer 0\n", playground.Output, StringComparison.Ordinal);
        Assert.True(Share().Count(playground.Output) >= 4, $"Not every server had a share.\n{playground.Describe()}");
        Assert.True(Progress().Count(playground.Output) >= 2, $"There were no lines of progress.\n{playground.Describe()}");
        Assert.DoesNotContain('\e', playground.Output);
        Assert.True(Directory.Exists(_folder.PathOf("logs/servers")), "Logs of the servers are missing.");
    }

    [Fact]
    public async Task The_Playground_prints_its_summary_when_it_is_interrupted()
    {
        await using var playground = _folder.Start(ProgramFile.Playground, "--duration", "10m", "--operation", "echo", "--rate", "50");
        await playground.WaitForLine("1 s  4 servers");

        await playground.Interrupt();

        Assert.True(await playground.WaitForExit() == 0, playground.Describe());
        Assert.Contains("Every request was answered ok.", playground.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Playground_prints_the_conversation_with_the_option()
    {
        await using var playground = _folder.Start(
            ProgramFile.Playground, "--servers", "2", "--clients", "2", "--duration", "2s", "--rate", "20", "--server:weights", "2,5", "--conversation");

        Assert.True(await playground.WaitForExit() == 0, playground.Describe());
        Assert.Contains("Starting 2 servers (weights: 2, 5) and a gateway", playground.Output, StringComparison.Ordinal);
        Assert.True(RequestLine().IsMatch(playground.Output) && AnswerLine().IsMatch(playground.Output), playground.Describe());
        Assert.Contains("fleet: server 1 is started", playground.Output, StringComparison.Ordinal);
        Assert.Contains("%  weight 5", playground.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Playground_reports_all_wrong_settings_at_once_and_exits_with_1()
    {
        await using var playground = _folder.Start(ProgramFile.Playground, "--servers", "0", "--algorithm", "fastest", "--client:start_id", "x");

        Assert.True(await playground.WaitForExit() == 1, playground.Describe());
        foreach (var key in (string[])["server.count = 0", "load_balancer.algorithm = fastest", "client.start_id = x"])
            Assert.Contains(key, playground.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", playground.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^  requests +(?<started>\d+) started, (?<ok>\d+) ok, 0 lost", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requests();

    [GeneratedRegex(@"^ +\d+ s  100[01] → gateway  compute 0\.\d+$", RegexOptions.Multiline, 1000)]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"^ +\d+ s  gateway → server [01] → 100[01]  ok, [0-9.]+ ms$", RegexOptions.Multiline, 1000)]
    private static partial Regex AnswerLine();

    [GeneratedRegex(@" answers +\d+\.\d %", RegexOptions.None, 1000)]
    private static partial Regex Share();

    [GeneratedRegex(@"^ +\d+ s  \d+ servers  queues ", RegexOptions.Multiline, 1000)]
    private static partial Regex Progress();
}
