using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

public class RepeatedRequestTests
{
    private readonly DispatcherFixture _gateway = new();

    [Fact]
    public void A_repeat_of_what_is_in_flight_runs_once_and_is_answered_once()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = _ => new(server.TakeAll());
        }

        _gateway.Echo("a");
        _gateway.Echo("a");

        var taker = _gateway.Servers.Single(server => server.Received.Count > 0);
        var request = Assert.Single(taker.Received);
        _gateway.Dispatcher.OnResponses(taker.Answers(request));
        _gateway.Transport.AnswerTo("a");
        Assert.Equal(1, _gateway.Dispatcher.Counters.Joined);
    }

    [Fact]
    public void The_answer_goes_to_where_the_client_was_last_heard_of()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = _ => new(server.TakeAll());
        }

        _gateway.Send(DispatcherFixture.EchoText("a"), port: 40001);
        _gateway.Send(DispatcherFixture.EchoText("a"), port: 40002);
        var taker = _gateway.Servers.Single(server => server.Received.Count > 0);
        _gateway.Dispatcher.OnResponses(taker.Answers(taker.Received[0]));

        Assert.Equal(40002, Assert.Single(_gateway.Transport.Sent).Peer.Port);
    }

    [Fact]
    public void A_repeat_of_what_was_answered_gets_the_same_answer_and_does_not_run_again()
    {
        _gateway.Echo("a");
        _gateway.Advance(4000);
        _gateway.Echo("a");

        Assert.Equal(2, _gateway.Transport.Sent.Count);
        Assert.Equal(_gateway.Transport.Sent[0].Text, _gateway.Transport.Sent[1].Text);
        Assert.Equal(1, _gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void After_the_window_the_same_id_is_a_new_request()
    {
        _gateway.Echo("a");
        _gateway.Advance(5001);
        _gateway.Echo("a");

        Assert.Equal(2, _gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void Clients_without_a_number_that_use_the_same_id_do_not_get_each_others_answers()
    {
        _gateway.Send("""{"id":"1","operation":"echo","payload":"mine"}""", port: 40001);
        _gateway.Send("""{"id":"1","operation":"echo","payload":"yours"}""", port: 40002);

        Assert.Equal(["mine", "yours"], _gateway.Transport.Sent.Select(sent => sent.Json.GetProperty("result").GetString()));
    }

    [Fact]
    public void An_id_as_text_and_as_number_are_two_requests()
    {
        _gateway.Send("""{"id":"1","client_id":5,"operation":"echo","payload":"text"}""");
        _gateway.Send("""{"id":1,"client_id":5,"operation":"echo","payload":"number"}""");

        Assert.Equal(["text", "number"], _gateway.Transport.Sent.Select(sent => sent.Json.GetProperty("result").GetString()));
    }

    [Fact]
    public void Only_so_many_answers_are_kept_and_the_oldest_go_first()
    {
        var gateway = new DispatcherFixture(settings: new LoadBalancerSettings { DedupeLimit = 10 });
        for (var i = 0; i < 100; i++)
        {
            gateway.Echo($"r{i}");
        }

        gateway.Echo("r99");
        Assert.Equal(100, gateway.Servers.Sum(server => server.Received.Count));
        gateway.Echo("r0");
        Assert.Equal(101, gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void Without_a_window_nothing_is_kept()
    {
        var gateway = new DispatcherFixture(settings: new LoadBalancerSettings { DedupeWindowMs = 0 });
        gateway.Echo("a");
        gateway.Echo("a");

        Assert.Equal(2, gateway.Servers.Sum(server => server.Received.Count));
    }
}
