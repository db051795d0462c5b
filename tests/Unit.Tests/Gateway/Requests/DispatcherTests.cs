using Shortline.Balancing.Choosing;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.Requests;

public class DispatcherTests
{
    private readonly DispatcherFixture _gateway = new();

    [Fact]
    public void An_answer_has_id_client_result_and_server()
    {
        _gateway.Echo("a");

        var answer = _gateway.Transport.AnswerTo("a");
        Assert.Equal("ok", answer.GetProperty("status").GetString());
        Assert.Equal(1000, answer.GetProperty("client_id").GetInt64());
        Assert.Equal("a", answer.GetProperty("result").GetProperty("of").GetString());
        Assert.Contains(answer.GetProperty("server_id").GetString(), new[] { "0", "1" });
        Assert.Equal(0, _gateway.Dispatcher.InFlight);
    }

    [Fact]
    public void An_answer_goes_to_the_sender_of_the_request()
    {
        _gateway.Send(DispatcherFixture.EchoText("a"), port: 40123);

        Assert.Equal(40123, Assert.Single(_gateway.Transport.Sent).Peer.Port);
    }

    /// <summary>The fixture checks that nothing is sent while the lock is held.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void More_answers_than_one_system_call_sends_are_sent_when_the_lock_is_free(bool answered)
    {
        const int many = 3 * Dispatcher.SendBatch;
        var gateway = new DispatcherFixture(servers: 1);
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        for (var i = 0; i < many; i++)
            gateway.Echo($"r{i}");

        if (answered)
            gateway.Dispatcher.OnResponses(gateway[0].Answers([.. gateway[0].Received]));
        else
            gateway.Advance(2000);

        Assert.Equal(many, gateway.Transport.Sent.Count);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal(answered ? "ok" : "expired", sent.Status));
    }

    [Fact]
    public void Requests_go_to_the_server_with_fewer_in_flight()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = _ => new(server.AcceptAll());
        }

        for (var i = 0; i < 10; i++)
        {
            _gateway.Echo($"r{i}");
        }

        Assert.Equal(5, _gateway[0].Received.Count);
        Assert.Equal(5, _gateway[1].Received.Count);
    }

    [Fact]
    public async Task A_single_request_is_sent_at_once_and_those_that_arrive_during_its_call_form_a_batch()
    {
        var gateway = new DispatcherFixture(servers: 1);
        var firstCall = new TaskCompletionSource<BatchReceipt>();
        gateway[0].OnSubmit = _ =>
        {
            gateway[0].OnSubmit = null;
            return new(firstCall.Task);
        };

        gateway.Echo("first");
        gateway.Echo("second");
        gateway.Echo("third");
        Assert.Equal([1], gateway[0].BatchSizes);

        firstCall.SetResult(gateway[0].AcceptAll());
        await Eventually.True(() => gateway[0].BatchSizes.Count == 2, "the second call starts");
        Assert.Equal([1, 2], gateway[0].BatchSizes);
    }

    [Fact]
    public void A_call_carries_at_most_batch_limit_requests()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { BatchLimit = 4 });
        var datagrams = new DatagramList();
        for (var i = 0; i < 10; i++)
        {
            datagrams.Add(DispatcherFixture.EchoText($"r{i}"));
        }

        gateway.Send(datagrams);

        Assert.Equal([4, 4, 2], gateway[0].BatchSizes);
        Assert.Equal(10, gateway.Transport.Sent.Count);
    }

    [Fact]
    public void A_request_that_a_server_rejects_goes_to_another_server()
    {
        _gateway[0].OnSubmit = batch => new(_gateway[0].RejectAll(batch));
        _gateway[1].OnSubmit = batch => _gateway[0].Received.Count == 0 ? new(_gateway[1].RejectAll(batch)) : new(_gateway[1].AnswerAll(batch));

        for (var i = 0; i < 20; i++)
        {
            _gateway.Echo($"r{i}");
        }

        Assert.True(_gateway.Dispatcher.Counters.Repicked > 0);
        Assert.Equal(20 - _gateway.Transport.Sent.Count(sent => sent.Status == "rejected"), _gateway.Transport.Sent.Count(sent => sent.Status == "ok"));
        Assert.True(_gateway.Transport.Sent.Count(sent => sent.Status == "ok") >= 19);
    }

    [Fact]
    public void A_request_that_its_server_shares_goes_to_another_server_and_costs_no_attempt()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { Attempts = 1 });
        gateway[0].OnSubmit = batch => new(gateway[0].AcceptAll());
        gateway.Echo("first");
        gateway.Echo("second");
        gateway.AddServer();
        gateway.Rank();

        gateway.Dispatcher.OnResponses(gateway[0].Rejections(RejectReason.Shared, gateway[0].Received[1]));

        Assert.Equal("ok", gateway.Transport.AnswerTo("second").GetProperty("status").GetString());
        Assert.Single(gateway[1].Received);
    }

    [Fact]
    public void A_request_that_a_server_returns_is_sent_once_more_without_a_limit()
    {
        var gateway = new DispatcherFixture(servers: 2) { Algorithm = BalancingPolicies.Coordinated, Gateways = 3 };
        gateway.Rank();
        foreach (var server in gateway.Servers)
            server.OnSubmit = batch => new(batch.Requests.Span[0].ReturnFrom > 0 ? server.RejectAll(batch, RejectReason.Shared) : server.AnswerAll(batch));

        gateway.Echo("a");

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Equal(2, gateway.Servers.Sum(server => server.Received.Count));
        Assert.Equal(1, gateway.Dispatcher.Counters.Repicked);
    }

    [Fact]
    public void A_request_that_every_server_rejects_is_rejected_with_a_retry_delay()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = batch => new(server.RejectAll(batch));
        }

        _gateway.Echo("a");

        var answer = _gateway.Transport.AnswerTo("a");
        Assert.Equal("rejected", answer.GetProperty("status").GetString());
        Assert.Equal("queue_full", answer.GetProperty("reason").GetString());
        Assert.True(answer.GetProperty("retry_after_ms").GetInt32() >= 10);
        Assert.Single(_gateway[0].Received);
        Assert.Single(_gateway[1].Received);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(5, 2)]
    [InlineData(6, 4)]
    [InlineData(9, 4)]
    public void A_request_that_is_more_important_than_usual_is_tried_at_more_servers_that_are_overloaded(int priority, int servers)
    {
        var gateway = new DispatcherFixture(servers: 5, new LoadBalancerSettings { Attempts = 4 });
        foreach (var server in gateway.Servers)
            server.OnSubmit = batch => new(server.RejectAll(batch, RejectReason.Overloaded));

        gateway.Send($$"""{"id":"a","operation":"echo","priority":{{priority}}}""");

        Assert.Equal("overloaded", gateway.Transport.AnswerTo("a").GetProperty("reason").GetString());
        Assert.Equal(servers, gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void A_rejected_request_may_be_sent_again_under_the_same_id()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = batch => new(server.RejectAll(batch));
        }

        _gateway.Echo("a");
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = null;
        }

        _gateway.Echo("a");

        Assert.Equal(["rejected", "ok"], _gateway.Transport.Sent.Select(sent => sent.Status));
    }

    [Fact]
    public void A_request_waits_while_there_is_no_server()
    {
        var gateway = new DispatcherFixture(servers: 0);
        gateway.Echo("a");
        Assert.Empty(gateway.Transport.Sent);

        gateway.AddServer();
        gateway.Rank();

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void A_request_without_a_server_expires_at_its_timeout()
    {
        var gateway = new DispatcherFixture(servers: 0);
        gateway.Echo("a", timeoutMs: 200);

        gateway.Advance(199);
        Assert.Empty(gateway.Transport.Sent);
        gateway.Advance(2);

        Assert.Equal("expired", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void Requests_beyond_the_in_flight_limit_are_rejected_at_once()
    {
        var gateway = new DispatcherFixture(servers: 0, new LoadBalancerSettings { InFlightLimit = 3 });
        for (var i = 0; i < 5; i++)
        {
            gateway.Echo($"r{i}");
        }

        Assert.Equal(3, gateway.Dispatcher.InFlight);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal("gateway_full", sent.Json.GetProperty("reason").GetString()));
        Assert.Equal(2, gateway.Transport.Sent.Count);
    }

    [Fact]
    public void A_stopping_gateway_rejects_new_requests_and_finishes_the_others()
    {
        _gateway[0].OnSubmit = _ => new(_gateway[0].AcceptAll());
        _gateway[1].OnSubmit = _ => new(_gateway[1].AcceptAll());
        _gateway.Echo("old");
        _gateway.Dispatcher.StopAccepting();
        _gateway.Echo("new");

        Assert.Equal("gateway_stopping", _gateway.Transport.AnswerTo("new").GetProperty("reason").GetString());
        var server = _gateway.Servers.Single(server => server.Received.Count == 1);
        _gateway.Dispatcher.OnResponses(server.Answers(server.Received[0]));
        Assert.Equal("ok", _gateway.Transport.AnswerTo("old").GetProperty("status").GetString());
    }

    [Fact]
    public void Servers_receive_the_time_left_of_a_request()
    {
        var gateway = new DispatcherFixture(servers: 0);
        gateway.Echo("a", timeoutMs: 500);
        gateway.Advance(100);
        gateway.AddServer();
        gateway.Rank();

        Assert.Equal(400, Assert.Single(gateway[0].Received).TimeLeftMs);
    }

    [Fact]
    public void The_maximum_timeout_limits_the_time_of_a_request()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { MaxTimeoutMs = 6000 });
        gateway.Echo("a", timeoutMs: 3_000_000);

        Assert.Equal(6000, Assert.Single(gateway[0].Received).TimeLeftMs);
    }
}
