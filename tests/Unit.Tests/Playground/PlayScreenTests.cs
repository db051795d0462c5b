using Shortline.GrainInterfaces;
using Shortline.Playground;

namespace Shortline.Unit.Tests.Playground;

public sealed class PlayScreenTests
{
    private static readonly FleetStatus ThreeServers = Views.Fleet(
        Views.Server("0", queue: 3, inService: 1),
        Views.Server("1", queue: 0, inService: 1),
        Views.Server("2", queue: 1, status: ServerStatus.Draining));

    [Fact]
    public void A_server_is_a_line_with_its_state_in_words_and_its_queue_as_number_and_bar()
    {
        var lines = Drawing.Of(Views.View(ThreeServers));

        Assert.Matches("^▸ 0 +ready +3 +███ +1 of 1 +100 +0.0 %$", Line(lines, "▸ 0"));
        Assert.Matches("^  1 +ready +0 +1 of 1 +100 +0.0 %$", Line(lines, "  1 "));
        Assert.Matches("^  2 +draining +1 +█ +0 of 1 +100 +0.0 %$", Line(lines, "  2 "));
    }

    [Fact]
    public void Rate_percentiles_answers_fleet_events_and_keys_are_below()
    {
        var view = Views.View(ThreeServers, Views.Progress(99, rejected: 1, latencyMs: 20), Views.Event(2, "3 → 4 servers: work for 3.6 servers"));

        var text = string.Join('\n', Drawing.Of(view, 100));

        Assert.Contains("shortest_queue  compute, 16 ms on average  10 clients  7 s of 10 s", text, StringComparison.Ordinal);
        Assert.Contains("167/s sent  100/s answered  p50 20.", text, StringComparison.Ordinal);
        Assert.Contains("ok 99  error 0  rejected 1  expired 0  lost 0  no answer 0", text, StringComparison.Ordinal);
        Assert.Contains("2 ready  3 desired  3 wanted  1 to 16 allowed  1 silo", text, StringComparison.Ordinal);
        Assert.Contains("2 s  3 → 4 servers: work for 3.6 servers", text, StringComparison.Ordinal);
        Assert.Contains("a add  d drain  k kill", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, 20, 40)]
    [InlineData(60, 24, 4)]
    [InlineData(80, 24, 16)]
    [InlineData(80, 24, 0)]
    [InlineData(200, 50, 100)]
    public void It_fits_into_the_terminal(int width, int height, int servers)
    {
        var fleet = Views.Fleet([.. Enumerable.Range(0, servers).Select(i => Views.Server($"{i}", queue: i * 10, inService: 1))]);
        var view = Views.View(fleet with { Panic = true, Wanted = 99 }, Views.Progress(9_999_999, rejected: 0), Views.Event(1, new string('x', 300)))
            with
        { Message = new string('y', 300), Paused = true };

        var lines = Drawing.Of(view, width, height);

        Assert.All(lines, line => Assert.True(line.Length < width, $"{line.Length} columns of {width}: {line}"));
        Assert.True(lines.Count < height, $"{lines.Count} lines of {height}:\n{string.Join('\n', lines)}");
    }

    [Fact]
    public void Servers_that_have_no_room_are_counted_and_the_chosen_one_always_has()
    {
        var fleet = Views.Fleet([.. Enumerable.Range(0, 40).Select(i => Views.Server($"{i}"))]);

        var lines = Drawing.Of(Views.View(fleet) with { Chosen = "33" });

        Assert.Contains(lines, line => line.StartsWith("▸ 33", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  and ", StringComparison.Ordinal) && line.EndsWith("servers more", StringComparison.Ordinal));
    }

    [Fact]
    public void Panic_and_a_fleet_that_may_not_grow_are_said_in_words()
    {
        var text = string.Join('\n', Drawing.Of(Views.View(ThreeServers with { Panic = true, Wanted = 20 })));

        Assert.Contains("PANIC: load rises fast", text, StringComparison.Ordinal);
        Assert.Contains("more is wanted than is allowed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_without_unicode_gets_letters_alone()
    {
        var lines = Drawing.Of(Views.View(ThreeServers), unicode: false);

        Assert.Matches("^> 0 +ready +3 +###", Line(lines, "> 0"));
        Assert.All(lines, line => Assert.All(line, letter => Assert.True(char.IsAscii(letter), line)));
    }

    [Fact]
    public void Text_of_others_is_not_taken_for_style()
    {
        var view = Views.View(ThreeServers, null, Views.Event(0, "[red]server[/] [0]")) with { Message = "[bold" };

        var text = string.Join('\n', Drawing.Of(view));

        Assert.Contains("[red]server[/] [0]", text, StringComparison.Ordinal);
        Assert.Contains("[bold", text, StringComparison.Ordinal);
    }

    private static string Line(IReadOnlyList<string> lines, string start) => Assert.Single(lines, line => line.StartsWith(start, StringComparison.Ordinal));
}
