using System.Net;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

public class DispatcherRepeatTests
{
    private readonly DispatcherFixture _gateway = new();

    [Fact]
    public void A_repeat_of_a_request_in_flight_is_executed_once_and_answered_once()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = _ => new(server.AcceptAll());
        }

        _gateway.Echo("a");
        _gateway.Echo("a");

        var accepter = _gateway.Servers.Single(server => server.Received.Count > 0);
        var request = Assert.Single(accepter.Received);
        _gateway.Dispatcher.OnResponses(accepter.Answers(request));
        _gateway.Transport.AnswerTo("a");
        Assert.Equal(1, _gateway.Dispatcher.Counters.Joined);
    }

    [Fact]
    public void The_answer_goes_to_the_last_address_of_the_client()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = _ => new(server.AcceptAll());
        }

        _gateway.Send(DispatcherFixture.EchoText("a"), port: 40001);
        _gateway.Send(DispatcherFixture.EchoText("a"), port: 40002);
        var accepter = _gateway.Servers.Single(server => server.Received.Count > 0);
        _gateway.Dispatcher.OnResponses(accepter.Answers(accepter.Received[0]));

        Assert.Equal(40002, Assert.Single(_gateway.Transport.Sent).Peer.Port);
    }

    [Fact]
    public void The_answer_leaves_from_the_address_that_was_asked_last()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = _ => new(server.AcceptAll());
        }

        _gateway.Send(new DatagramList().Add(DispatcherFixture.EchoText("a"), DatagramList.PeerAt(40001, local: 3)));
        _gateway.Send(new DatagramList().Add(DispatcherFixture.EchoText("a"), DatagramList.PeerAt(40001, local: 4)));
        var accepter = _gateway.Servers.Single(server => server.Received.Count > 0);
        _gateway.Dispatcher.OnResponses(accepter.Answers(Assert.Single(accepter.Received)));
        _gateway.Send(new DatagramList().Add(DispatcherFixture.EchoText("a"), DatagramList.PeerAt(40001, local: 5)));

        Assert.Equal([4, 5], _gateway.Transport.Sent.Select(sent => (int)sent.Peer.Local));
    }

    [Fact]
    public void A_repeat_of_an_answered_request_gets_the_same_answer_and_is_not_executed_again()
    {
        _gateway.Echo("a");
        _gateway.Advance(4000);
        _gateway.Echo("a");

        Assert.Equal(2, _gateway.Transport.Sent.Count);
        Assert.Equal(_gateway.Transport.Sent[0].Text, _gateway.Transport.Sent[1].Text);
        Assert.Equal(1, _gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void The_same_id_is_a_new_request_after_the_window()
    {
        _gateway.Echo("a");
        _gateway.Advance(5001);
        _gateway.Echo("a");

        Assert.Equal(2, _gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void Clients_without_a_client_id_are_told_apart_by_their_address()
    {
        _gateway.Send("""{"id":"1","operation":"echo","payload":"mine"}""", port: 40001);
        _gateway.Send("""{"id":"1","operation":"echo","payload":"yours"}""", port: 40002);

        Assert.Equal(["mine", "yours"], _gateway.Transport.Sent.Select(sent => sent.Json.GetProperty("result").GetString()));
    }

    [Fact]
    public void Clients_on_different_machines_never_get_each_others_answers()
    {
        var first = DatagramList.PeerAt(IPAddress.Parse("192.0.2.1"), 40001);
        var second = DatagramList.PeerAt(IPAddress.Parse("192.0.2.2"), 40001);
        _gateway.Send(new DatagramList().Add(DispatcherFixture.EchoText("a"), first).Add(DispatcherFixture.EchoText("a"), second));

        Assert.Equal([first, second], _gateway.Transport.Sent.Select(sent => sent.Peer).OrderBy(peer => peer.ToString()));
        Assert.Equal(2, _gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void Other_work_with_the_same_id_is_another_request()
    {
        _gateway.Send("""{"id":"1","client_id":5,"operation":"echo","payload":"first"}""");
        _gateway.Send("""{"id":"1","client_id":5,"operation":"echo","payload":"second"}""");
        _gateway.Send("""{"id":"1","client_id":5,"operation":"hash","payload":"first"}""");
        _gateway.Send("""{"timeout_ms":100,"id":"1","payload":"first","client_id":5,"operation":"echo"}""");

        Assert.Equal(["first", "second", "first", "first"], _gateway.Transport.Sent.Select(sent => sent.Json.GetProperty("result").GetString()));
        Assert.Equal(3, _gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void Ids_as_text_and_as_number_are_different_requests()
    {
        _gateway.Send("""{"id":"1","client_id":5,"operation":"echo","payload":"text"}""");
        _gateway.Send("""{"id":1,"client_id":5,"operation":"echo","payload":"number"}""");

        Assert.Equal(["text", "number"], _gateway.Transport.Sent.Select(sent => sent.Json.GetProperty("result").GetString()));
    }

    [Fact]
    public void Kept_answers_are_limited_and_the_oldest_are_dropped_first()
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
    public void No_answer_is_kept_if_the_window_is_zero()
    {
        var gateway = new DispatcherFixture(settings: new LoadBalancerSettings { DedupeWindowMs = 0 });
        gateway.Echo("a");
        gateway.Echo("a");

        Assert.Equal(2, gateway.Servers.Sum(server => server.Received.Count));
    }
}
