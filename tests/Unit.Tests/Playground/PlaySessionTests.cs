using Microsoft.Extensions.Time.Testing;
using Shortline.Hosting.Settings;
using Shortline.Playground.Clients;
using Shortline.Playground.Keys;
using Shortline.Playground.Run;

namespace Shortline.Unit.Tests.Playground;

public sealed class PlaySessionTests
{
    private readonly FakeTimeProvider _time = new(Views.Start);
    private readonly FakeFleet _fleet = new();
    private readonly FakeLoad _load = new();
    private readonly Conversation _conversation;
    private readonly PlaySession _session;

    public PlaySessionTests()
    {
        var plan = new RunPlan { Settings = new ShortlineSettings(), Rate = 100, Duration = TimeSpan.FromSeconds(10) };
        _conversation = new Conversation(_time, TimeSpan.FromSeconds(1));
        _session = new PlaySession(plan, _fleet, _load, _conversation, _time);
        _session.Tick();
    }

    [Fact]
    public void The_session_ends_after_its_duration_and_the_last_answer()
    {
        _load.Progress = Views.Progress(100) with { InFlight = 1 };
        _time.Advance(TimeSpan.FromSeconds(10));
        _session.Tick();
        Assert.Equal(PlayStage.Finishing, _session.Stage);
        Assert.True(_load.Paused);

        _session.Tick();
        Assert.Equal(PlayStage.Finishing, _session.Stage);

        _load.Progress = Views.Progress(101);
        _session.Tick();
        Assert.Equal(PlayStage.Ended, _session.Stage);
    }

    [Fact]
    public void The_session_waits_for_missing_answers_at_most_as_long_as_a_request_may_take()
    {
        _load.Progress = Views.Progress(100) with { InFlight = 1 };
        _session.Do(PlayAction.Quit);
        _time.Advance(TimeSpan.FromSeconds(5.9));
        _session.Tick();
        Assert.Equal(PlayStage.Finishing, _session.Stage);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        _session.Tick();
        Assert.Equal(PlayStage.Ended, _session.Stage);
    }

    [Fact]
    public void A_second_quit_ends_the_session_at_once()
    {
        _load.Progress = Views.Progress(100) with { InFlight = 1 };
        _session.Do(PlayAction.Quit);
        _session.Do(PlayAction.Quit);

        Assert.Equal(PlayStage.Ended, _session.Stage);
    }

    [Fact]
    public void The_chosen_server_is_drained_and_killed()
    {
        _session.Do(PlayAction.Drain);
        _session.Do(PlayAction.Down);
        _session.Do(PlayAction.Down);
        _session.Do(PlayAction.Kill);
        _session.Tick();

        Assert.Equal(["drain 0", "kill 1"], _fleet.Commands);
        Assert.Equal("Server 1 is killed; its requests go to others.", _session.View.Message);
    }

    [Fact]
    public void A_command_that_fails_shows_the_reason()
    {
        _fleet.Status = Views.Fleet(Views.Server("0")) with { Maximum = 1 };
        _session.Tick();

        _session.Do(PlayAction.Drain);
        Assert.Equal("Server 0 cannot be drained: it is not ready, or the last one.", Message());
        _session.Do(PlayAction.Add);
        Assert.Equal("No server can be added: the fleet is at its largest (server.max_count).", Message());
    }

    [Fact]
    public void The_chosen_server_stays_chosen_and_the_next_one_is_chosen_when_it_is_gone()
    {
        _fleet.Status = Views.Fleet(Views.Server("1"), Views.Server("2"), Views.Server("10"));
        _session.Tick();
        _session.Do(PlayAction.Down);
        _session.Tick();
        Assert.Equal("2", _session.View.Chosen);

        _fleet.Status = Views.Fleet(Views.Server("0"), Views.Server("1"), Views.Server("2"), Views.Server("10"));
        _session.Tick();
        Assert.Equal("2", _session.View.Chosen);

        _fleet.Status = Views.Fleet(Views.Server("0"), Views.Server("1"), Views.Server("10"));
        _session.Tick();
        Assert.Equal("10", _session.View.Chosen);
    }

    [Fact]
    public void Keys_change_load_operation_and_algorithm()
    {
        _session.Do(PlayAction.MoreLoad);
        Assert.Equal(125, _load.Rate);
        _session.Do(PlayAction.LessLoad);
        Assert.Equal(100, _load.Rate);
        _session.Do(PlayAction.SwitchOperation);
        Assert.Equal(Operation.Echo, _load.Operation);
        _session.Do(PlayAction.SwitchAlgorithm);
        _session.Tick();
        Assert.Equal("weighted_least_connection", _session.View.Algorithm);
        _session.Do(PlayAction.SwitchAlgorithm);
        _session.Do(PlayAction.Pause);
        _session.Tick();
        Assert.Equal(("weighted_response_time", true), (_session.View.Algorithm, _session.View.Paused));
    }

    [Fact]
    public void The_load_is_at_least_one_request_per_second()
    {
        for (var i = 0; i < 100; i++)
            _session.Do(PlayAction.LessLoad);

        Assert.Equal(1, _load.Rate);
    }

    [Fact]
    public void A_failure_of_the_controller_is_shown_and_the_last_fleet_stays_visible()
    {
        _fleet.Failure = new TimeoutException("nobody there");
        _session.Tick();

        Assert.Equal("The controller does not answer: nobody there", _session.View.Message);
        Assert.Equal(2, _session.View.Servers.Count);
    }

    [Fact]
    public void An_event_is_reported_once()
    {
        _fleet.Status = _fleet.Status with { Events = [Views.Event(1, "a"), Views.Event(2, "b")] };
        Assert.Equal(["a", "b"], _session.Tick().Select(happened => happened.Text));

        _fleet.Status = _fleet.Status with { Events = [Views.Event(2, "b"), Views.Event(2, "b"), Views.Event(3, "c")] };
        Assert.Equal(["c"], _session.Tick().Select(happened => happened.Text));
        Assert.Equal(["a", "b", "c"], _session.View.Events.Select(happened => happened.Text));
    }

    [Fact]
    public void Changes_of_the_number_of_servers_are_recorded()
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        _session.Tick();
        _fleet.Status = Views.Fleet(Views.Server("0"), Views.Server("1"), Views.Server("2"));
        _time.Advance(TimeSpan.FromSeconds(1));
        _session.Tick();

        Assert.Equal([new(TimeSpan.Zero, 2), new(TimeSpan.FromSeconds(3), 3)], _session.Sizes);
    }

    [Fact]
    public void Tab_moves_the_arrows_to_the_clients_and_r_opens_the_prompt_of_the_chosen_client()
    {
        Press(ConsoleKey.Tab);
        Press(ConsoleKey.DownArrow);
        Press(ConsoleKey.PageDown);
        Press(ConsoleKey.UpArrow);
        _session.Tick();
        Assert.Equal((1008L, "0", true), (_session.View.ChosenClient!.Value, _session.View.Chosen, _session.View.ChoosesClients));

        Type("rdirectory q");
        _session.Tick();
        Assert.Equal(("directory q", PlayStage.Running), (_session.View.Prompt, _session.Stage));
        Assert.StartsWith("directory [NAME], file NAME, compute SECONDS, echo TEXT.", _session.View.Message, StringComparison.Ordinal);
        Press(ConsoleKey.Enter);

        Assert.Equal("Client 1008: directory q: server 0: ok, 1.00 ms", Message());
        Assert.Equal(["8: directory q"], _load.Sent);
        Assert.Null(_session.View.Prompt);
    }

    [Fact]
    public void The_key_m_switches_the_mode_of_the_chosen_client()
    {
        Type("m");
        Assert.Equal("Client 1000 makes requests by hand: r makes one.", Message());
        Assert.True(_session.View.ClientRows[0].ByHand);

        Type("m");
        Assert.Equal("Client 1000 makes requests by itself.", Message());
        Assert.False(_session.View.ClientRows[0].ByHand);
    }

    [Fact]
    public void Only_the_clients_around_the_chosen_one_are_shown()
    {
        _load.Clients = 10_000;
        var session = new PlaySession(new RunPlan { Settings = new ShortlineSettings(), Rate = 100 }, _fleet, _load, _conversation, _time);
        session.Tick();
        session.Do(PlayAction.SwitchList);
        for (var i = 0; i < 500; i++)
            session.Do(PlayAction.PageDown);
        session.Tick();

        Assert.Equal((6000L, 100), (session.View.ChosenClient!.Value, session.View.ClientRows.Count));
        Assert.Contains(session.View.ClientRows, row => row.Id == 6000);
    }

    [Fact]
    public void The_end_of_the_session_closes_the_prompt()
    {
        Type("recho");
        _session.End();
        _session.Tick();

        Assert.Null(_session.View.Prompt);
    }

    [Fact]
    public void Events_of_the_fleet_are_in_the_conversation()
    {
        _fleet.Status = _fleet.Status with { Events = [Views.Event(1, "server 1 is started")] };
        _session.Tick();

        Assert.Equal("fleet: server 1 is started", Assert.Single(_session.View.Conversation).Describe(unicode: true));
    }

    [Fact]
    public void A_message_disappears_after_a_while()
    {
        _session.Do(PlayAction.MoreLoad);
        Assert.NotEqual("", Message());
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("", Message());
    }

    private void Press(ConsoleKey key) => _session.Press(new ConsoleKeyInfo('\0', key, false, false, false));

    private void Type(string text)
    {
        foreach (var letter in text)
            _session.Press(new ConsoleKeyInfo(letter, ConsoleKey.None, false, false, false));
    }

    private string Message()
    {
        _session.Tick();
        return _session.View.Message;
    }
}
