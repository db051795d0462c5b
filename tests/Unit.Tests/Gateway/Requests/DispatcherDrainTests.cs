using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>A dispatcher whose servers drain, have drained, or left the ranking.</summary>
public class DispatcherDrainTests
{
    private readonly DispatcherFixture _gateway = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Requests_of_a_server_that_left_the_ranking_are_dispatched_again(bool anotherActivationIsThere)
    {
        AcceptOn(0);
        AcceptOn(1);
        _gateway.Echo("a");
        var accepter = _gateway.Servers.Single(server => server.Received.Count == 1);
        var other = _gateway.Servers.Single(server => server.Received.Count == 0);
        other.OnSubmit = null;
        accepter.OnGetStatus = () => anotherActivationIsThere
            ? Task.FromResult(accepter.Report(ServerStatus.Starting) with { Incarnation = 0 })
            : Task.FromException<ServerResponse>(new SiloUnavailableException("its silo is not there"));

        _gateway.RankAs(other.Report());

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        _gateway.Dispatcher.OnResponses(accepter.Answers(accepter.Received[0]));
        _gateway.Transport.AnswerTo("a");
    }

    [Fact]
    public void Requests_of_an_earlier_incarnation_are_dispatched_again()
    {
        var gateway = new DispatcherFixture(servers: 1);
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        gateway.Echo("a");
        gateway[0].OnSubmit = null;
        gateway[0].Incarnation++;

        gateway.Rank();

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(true, "ok")]
    [InlineData(false, "lost")]
    public void A_receipt_of_a_later_incarnation_shows_the_restart_before_the_next_ranking(bool idempotent, string status)
    {
        var gateway = new DispatcherFixture(servers: 1);
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        gateway.Echo("a", idempotent: idempotent);
        gateway[0].OnSubmit = null;
        gateway[0].Incarnation++;

        gateway.Echo("b");
        gateway.Rank();

        Assert.Equal(status, gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Equal("ok", gateway.Transport.AnswerTo("b").GetProperty("status").GetString());
    }

    [Fact]
    public void Requests_that_a_restarted_server_accepted_stay_there()
    {
        var gateway = new DispatcherFixture(servers: 1);
        gateway.Echo("earlier");
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        gateway[0].Incarnation++;
        gateway.Echo("a");
        gateway.Rank();
        gateway.Dispatcher.OnResponses(gateway[0].Answers(gateway[0].Received[^1]));

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Equal(2, gateway[0].Received.Count);
    }

    [Fact]
    public void A_request_that_every_server_returns_is_not_offered_without_end()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = batch => new(server.RejectAll(batch, RejectReason.Draining));
        }

        _gateway.Echo("a", timeoutMs: 1000);
        for (var i = 0; i < 1000; i++)
        {
            _gateway.Rank();
        }

        Assert.InRange(_gateway.Servers.Sum(server => server.Received.Count), 100, byte.MaxValue);
        _gateway.Advance(1001);
        Assert.Equal("expired", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void Requests_that_ended_while_they_waited_for_a_server_take_no_memory()
    {
        var gateway = new DispatcherFixture(servers: 0);
        for (var i = 0; i < 100; i++)
        {
            for (var j = 0; j < 20; j++)
            {
                gateway.Echo($"{i}-{j}", timeoutMs: 10);
            }

            gateway.Advance(20);
        }

        Assert.Equal(2000, gateway.Transport.Sent.Count);
        Assert.InRange(gateway.Dispatcher.Waiting, 0, 100);
    }

    [Fact]
    public void The_last_responses_of_a_drained_server_are_accepted_after_it_left()
    {
        AcceptOn(0);
        AcceptOn(1);
        _gateway.Echo("a", idempotent: false);
        var accepter = _gateway.Servers.Single(server => server.Received.Count == 1);
        var other = _gateway.Servers.Single(server => server.Received.Count == 0);
        _gateway.RankAs(accepter.Report(ServerStatus.Draining), other.Report());
        _gateway.RankAs(other.Report());
        Assert.Empty(_gateway.Transport.Sent);

        _gateway.Dispatcher.OnResponses(accepter.Answers(accepter.Received[0]));

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void The_last_responses_of_a_stopped_server_are_accepted_even_if_no_ranking_showed_its_drain()
    {
        AcceptOn(0);
        AcceptOn(1);
        _gateway.Echo("a", idempotent: false);
        var accepter = _gateway.Servers.Single(server => server.Received.Count == 1);
        accepter.OnGetStatus = () => Task.FromResult(accepter.Report(ServerStatus.Stopped));

        _gateway.RankAs(_gateway.Servers.Single(server => server.Received.Count == 0).Report());
        _gateway.Dispatcher.OnResponses(accepter.Answers(accepter.Received[0]));

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void Rejections_by_draining_servers_cost_no_attempt_and_the_request_waits_for_a_server()
    {
        var gateway = new DispatcherFixture(servers: 5, new LoadBalancerSettings { Attempts = 2 });
        foreach (var server in gateway.Servers)
        {
            server.OnSubmit = batch => new(server.RejectAll(batch, RejectReason.Draining));
        }

        gateway.Echo("a", idempotent: false);
        Assert.Equal([1, 1, 1, 1, 1], gateway.Servers.Select(server => server.Received.Count));
        Assert.Empty(gateway.Transport.Sent);

        gateway.AddServer();
        gateway.Rank();

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void An_idempotent_request_of_a_lost_server_is_rejected_if_the_others_are_full()
    {
        var full = _gateway[1];
        _gateway[0].OnSubmit = _ => new(_gateway[0].AcceptAll());
        full.OnSubmit = batch => new(full.RejectAll(batch));
        _gateway.EchoTo(_gateway[0], "a");
        _gateway[0].OnGetStatus = () => Task.FromException<ServerResponse>(new SiloUnavailableException("its silo is not there"));

        _gateway.RankAs(full.Report());

        Assert.Single(full.Received);
        Assert.Equal("rejected", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void A_non_idempotent_request_that_draining_servers_rejected_expires_and_is_not_lost()
    {
        foreach (var server in _gateway.Servers)
        {
            server.OnSubmit = batch => new(server.RejectAll(batch, RejectReason.Draining));
        }

        _gateway.Echo("a", timeoutMs: 1000, idempotent: false);
        _gateway.Advance(1001);

        Assert.Equal("expired", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void The_rejection_of_the_only_server_is_the_answer()
    {
        var gateway = new DispatcherFixture(servers: 1, isOfOneServer: true);
        gateway[0].OnSubmit = batch => new(gateway[0].RejectAll(batch, RejectReason.Draining));

        gateway.Echo("a");

        var answer = gateway.Transport.AnswerTo("a");
        Assert.Equal(("rejected", "draining"), (answer.GetProperty("status").GetString(), answer.GetProperty("reason").GetString()));
    }

    [Fact]
    public void Requests_of_a_drained_server_are_dispatched_again_if_its_last_responses_never_come()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { StallMs = 60_000 });
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        gateway.Echo("a", timeoutMs: 60_000);
        gateway.AddServer();
        gateway.RankAs(gateway[0].Report(ServerStatus.Draining), gateway[1].Report());
        for (var i = 0; i < 11; i++)
        {
            gateway.RankAs(gateway[1].Report());
            gateway.Advance(100);
        }

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void A_call_to_a_drained_server_is_awaited()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { StallMs = 60_000 });
        var answer = new TaskCompletionSource<BatchReceipt>();
        gateway[0].OnSubmit = _ => new(answer.Task);
        gateway.Echo("a", idempotent: false, timeoutMs: 60_000);
        gateway.AddServer();
        gateway.RankAs(gateway[0].Report(ServerStatus.Draining), gateway[1].Report());
        gateway.RankAs(gateway[1].Report());
        gateway.Advance(10_000);
        Assert.Empty(gateway.Transport.Sent);

        DispatcherFixture.Complete(answer, new BatchReceipt { Done = gateway[0].Rejections(RejectReason.Draining, gateway[0].Received[0]) });

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Single(gateway[1].Received);
    }

    [Fact]
    public void A_draining_server_gets_no_new_requests()
    {
        _gateway.RankAs(_gateway[0].Report(ServerStatus.Draining), _gateway[1].Report());
        for (var i = 0; i < 10; i++)
        {
            _gateway.Echo($"r{i}");
        }

        Assert.Empty(_gateway[0].Received);
    }

    [Fact]
    public void Requests_that_the_only_server_shares_return_to_it()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { Attempts = 2 }, isOfOneServer: true);
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        gateway.Echo("a");
        for (var i = 0; i < 5; i++)
        {
            gateway.Dispatcher.OnResponses(gateway[0].Rejections(RejectReason.Shared, gateway[0].Received[^1]));
        }

        Assert.Equal(6, gateway[0].Received.Count);
        Assert.Empty(gateway.Transport.Sent);
    }

    private void AcceptOn(int server) => _gateway[server].OnSubmit = _ => new(_gateway[server].AcceptAll());
}
