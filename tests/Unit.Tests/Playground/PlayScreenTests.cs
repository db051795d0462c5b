using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Playground.Clients;
using Shortline.Playground.Screen;

namespace Shortline.Unit.Tests.Playground;

public sealed class PlayScreenTests
{
    private static readonly FleetStatus ThreeServers = Views.Fleet(
        Views.Server("0", queue: 3, inService: 1),
        Views.Server("1", queue: 0, inService: 1),
        Views.Server("2", queue: 1, status: ServerStatus.Draining));

    [Fact]
    public void A_server_has_a_line_with_its_state_in_words_and_its_queue_as_number_and_bar()
    {
        var lines = Drawing.Of(Views.View(ThreeServers));

        Assert.Matches("^▸ 0 +ready +1 +3 +███ +1 of 1 +100 +0.0 %$", Line(lines, "▸ 0"));
        Assert.Matches("^  1 +ready +1 +0 +1 of 1 +100 +0.0 %$", Line(lines, "  1 "));
        Assert.Matches("^  2 +draining +1 +1 +█ +0 of 1 +100 +0.0 %$", Line(lines, "  2 "));
    }

    [Fact]
    public void Rate_percentiles_answers_fleet_events_and_keys_are_below_the_servers()
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
    [InlineData(120, 40, 100)]
    [InlineData(200, 50, 100)]
    public void The_screen_fits_into_the_terminal(int width, int height, int servers)
    {
        var fleet = Views.Fleet([.. Enumerable.Range(0, servers).Select(i => Views.Server($"{i}", queue: i * 10, inService: 1))]);
        var view = Views.View(fleet with { Panic = true, Wanted = 99 }, Views.Progress(9_999_999, rejected: 0), Views.Event(1, new string('x', 300)))
            with
        {
            Message = new string('y', 300),
            Prompt = servers == 4 ? new string('z', 300) : null,
            Paused = true,
            Sizes = [new(TimeSpan.Zero, 12_345)],
            OneOf = 123_456,
            Conversation = [.. Enumerable.Repeat(Views.Line(ConversationKind.Failure, new string('v', 300), 999_999_999_999, "1"), 100)],
            Clients = 1000,
            ClientRows = [.. Enumerable.Repeat(Views.Client(999_999_999_999) with { Request = new string('w', 300), Answer = new string('u', 300), Ended = 99_999_999 }, 100)],
        };

        var lines = Drawing.Of(view, width, height);

        Assert.All(lines, line => Assert.True(line.Length < width, $"{line.Length} columns of {width}: {line}"));
        Assert.True(lines.Count < height, $"{lines.Count} lines of {height}:\n{string.Join('\n', lines)}");
    }

    [Fact]
    public void Servers_without_room_are_counted_and_the_chosen_server_is_always_shown()
    {
        var fleet = Views.Fleet([.. Enumerable.Range(0, 40).Select(i => Views.Server($"{i}"))]);

        var lines = Drawing.Of(Views.View(fleet) with { Chosen = "33" });

        Assert.Contains(lines, line => line.StartsWith("▸ 33", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  and ", StringComparison.Ordinal) && line.EndsWith("servers more", StringComparison.Ordinal));
    }

    [Fact]
    public void A_client_has_a_line_with_its_mode_its_last_request_and_the_answer()
    {
        var view = Views.View(ThreeServers) with { ClientRows = [Views.Client(1000), Views.Client(1001, byHand: true) with { Request = "compute 5", Answer = "", InFlight = 1 }] };

        var lines = Drawing.Of(view);

        Assert.Matches("^▹ 1000 +by itself +compute 0.0163 +server 3: ok, 16.4 ms +123 +15.9 ms$", Line(lines, "▹ 1000"));
        Assert.Matches("^  1001 +by hand +compute 5 +waits for it +123 +15.9 ms$", Line(lines, "  1001"));
        Assert.Contains(lines, line => line.StartsWith("▸ 1000", StringComparison.Ordinal) == false && line.EndsWith("clients more", StringComparison.Ordinal));
    }

    [Fact]
    public void The_filled_mark_is_in_the_list_that_the_arrows_move_in()
    {
        var lines = Drawing.Of(Views.View(ThreeServers) with { ChoosesClients = true });

        Line(lines, "▹ 0 ");
        Line(lines, "▸ 1000 ");
    }

    [Fact]
    public void The_weight_of_each_server_is_shown()
    {
        var lines = Drawing.Of(Views.View(Views.Fleet(Views.Server("0", weight: 7), Views.Server("1", weight: 2))));

        Assert.Matches("^▸ 0 +ready +7 +0 ", Line(lines, "▸ 0"));
        Assert.Matches("^  1 +ready +2 +0 ", Line(lines, "  1 "));
    }

    [Fact]
    public void The_chart_of_servers_is_beside_the_conversation_and_its_share_of_requests()
    {
        var view = Views.View(ThreeServers) with
        {
            Sizes = [new(TimeSpan.Zero, 3)],
            OneOf = 24,
            Conversation = [Views.Line(ConversationKind.Request, "echo hello"), Views.Line(ConversationKind.Answer, "ok, 1.00 ms", server: "2")],
        };

        var lines = Drawing.Of(view);

        Assert.EndsWith("conversation, 1 of 24 requests shown", Line(lines, "servers over time"), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("   3┤", StringComparison.Ordinal) || line.StartsWith("   4┤", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("1004 → gateway  echo hello", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("gateway → server 2 → 1004  ok, 1.00 ms", StringComparison.Ordinal));
    }

    [Fact]
    public void A_narrow_terminal_shows_the_conversation_without_the_chart()
    {
        var lines = Drawing.Of(Views.View(ThreeServers) with { Conversation = [Views.Line(ConversationKind.Request, "echo hello")] }, width: 64);

        Line(lines, "conversation, all requests shown");
        Line(lines, "1004 → gateway  echo hello");
        Assert.DoesNotContain(lines, line => line.Contains('┤', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(59, 24)]
    [InlineData(80, 19)]
    [InlineData(1, 1)]
    public void A_terminal_that_is_too_small_shows_the_size_that_it_needs(int width, int height)
    {
        var text = string.Join(' ', Drawing.Of(Views.View(ThreeServers), width, height));

        Assert.DoesNotContain("ready", text, StringComparison.Ordinal);
        if (width > 20)
            Assert.Contains("It needs 60 x 20. q ends it.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_prompt_is_above_its_help()
    {
        var lines = Drawing.Of(Views.View(ThreeServers) with { Prompt = "echo [x", Message = "what there is" });

        Assert.Equal("request    client 1000> echo [x_", lines[^2]);
        Assert.Equal("           what there is", lines[^1]);
    }

    [Fact]
    public void Panic_and_a_fleet_at_its_limit_are_described_in_words()
    {
        var text = string.Join('\n', Drawing.Of(Views.View(ThreeServers with { Panic = true, Wanted = 20 })));

        Assert.Contains("PANIC: load rises fast", text, StringComparison.Ordinal);
        Assert.Contains("more is wanted than is allowed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_without_unicode_gets_only_ASCII()
    {
        var lines = Drawing.Of(Views.View(ThreeServers), unicode: false);

        Assert.Matches("^> 0 +ready +1 +3 +###", Line(lines, "> 0"));
        Assert.All(lines, line => Assert.All(line, letter => Assert.True(char.IsAscii(letter), line)));
    }

    [Fact]
    public void Wide_characters_are_cut_by_their_columns()
    {
        var wide = string.Concat(Enumerable.Repeat("日本", 100));
        var view = Views.View(ThreeServers) with
        {
            Message = wide,
            ClientRows = [Views.Client(1000) with { Request = wide, Answer = wide }],
            Conversation = [Views.Line(ConversationKind.Request, wide)],
        };

        var lines = Drawing.Of(view);

        Assert.Equal(Drawing.Of(view with { Message = "x", ClientRows = [Views.Client(1000)], Conversation = [] }).Count, lines.Count);
        Assert.Equal("日本…", TextWidth.Cut(wide, 6));
        Assert.Equal("日本日本", TextWidth.Cut("日本日本", 8));
    }

    [Fact]
    public void Markup_in_messages_and_events_is_shown_as_text()
    {
        var view = Views.View(ThreeServers, null, Views.Event(0, "[red]server[/] [0]")) with { Message = "[bold" };

        var text = string.Join('\n', Drawing.Of(view, height: 40));

        Assert.Contains("[red]server[/] [0]", text, StringComparison.Ordinal);
        Assert.Contains("[bold", text, StringComparison.Ordinal);
    }

    private static string Line(IReadOnlyList<string> lines, string start) => Assert.Single(lines, line => line.StartsWith(start, StringComparison.Ordinal));
}
