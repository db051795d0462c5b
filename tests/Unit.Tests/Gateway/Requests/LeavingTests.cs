using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>Servers that drain, have drained, or are not in the ranking any more.</summary>
public class LeavingTests
{
    private readonly DispatcherFixture _gateway = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_vanished_server_had_accepted_is_dispatched_again(bool anotherActivationIsThere)
    {
        TakeOn(0);
        TakeOn(1);
        _gateway.Echo("a");
        var taker = _gateway.Servers.Single(server => server.Received.Count == 1);
        var other = _gateway.Servers.Single(server => server.Received.Count == 0);
        other.OnSubmit = null;
        taker.OnGetStatus = () => anotherActivationIsThere
            ? Task.FromResult(taker.Report(ServerStatus.Starting) with { Incarnation = 0 })
            : Task.FromException<ServerResponse>(new SiloUnavailableException("its silo is not there"));

        _gateway.RankAs(other.Report());

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        _gateway.Dispatcher.OnResponses(taker.Answers(taker.Received[0]));
        _gateway.Transport.AnswerTo("a");
    }

    [Fact]
    public void What_the_former_incarnation_of_a_server_had_is_dispatched_again()
    {
        var gateway = new DispatcherFixture(servers: 1);
        gateway[0].OnSubmit = _ => new(gateway[0].TakeAll());
        gateway.Echo("a");
        gateway[0].OnSubmit = null;
        gateway[0].Incarnation++;

        gateway.Rank();

        Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void The_last_responses_of_a_drained_server_may_come_after_it_left()
    {
        TakeOn(0);
        TakeOn(1);
        _gateway.Echo("a", idempotent: false);
        var taker = _gateway.Servers.Single(server => server.Received.Count == 1);
        var other = _gateway.Servers.Single(server => server.Received.Count == 0);
        _gateway.RankAs(taker.Report(ServerStatus.Draining), other.Report());
        _gateway.RankAs(other.Report());
        Assert.Empty(_gateway.Transport.Sent);

        _gateway.Dispatcher.OnResponses(taker.Answers(taker.Received[0]));

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void The_last_responses_of_a_server_count_though_no_ranking_said_that_it_drained()
    {
        TakeOn(0);
        TakeOn(1);
        _gateway.Echo("a", idempotent: false);
        var taker = _gateway.Servers.Single(server => server.Received.Count == 1);
        taker.OnGetStatus = () => Task.FromResult(taker.Report(ServerStatus.Stopped));

        _gateway.RankAs(_gateway.Servers.Single(server => server.Received.Count == 0).Report());
        _gateway.Dispatcher.OnResponses(taker.Answers(taker.Received[0]));

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void A_request_may_meet_more_leaving_servers_than_it_has_attempts_and_waits_if_none_is_left()
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
    public void What_may_run_twice_is_not_lost_when_its_server_is_gone_and_the_others_are_full()
    {
        var full = _gateway[1];
        _gateway[0].OnSubmit = _ => new(_gateway[0].TakeAll());
        full.OnSubmit = batch => new(full.RejectAll(batch));
        _gateway.EchoTo(_gateway[0], "a");
        _gateway[0].OnGetStatus = () => Task.FromException<ServerResponse>(new SiloUnavailableException("its silo is not there"));

        _gateway.RankAs(full.Report());

        Assert.Single(full.Received);
        Assert.Equal("rejected", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void What_must_not_run_twice_and_was_turned_away_expires_if_no_server_comes_and_is_not_lost()
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
    public void Where_there_is_one_server_only_its_rejection_is_the_answer()
    {
        var gateway = new DispatcherFixture(servers: 1, isOfOneServer: true);
        gateway[0].OnSubmit = batch => new(gateway[0].RejectAll(batch, RejectReason.Draining));

        gateway.Echo("a");

        var answer = gateway.Transport.AnswerTo("a");
        Assert.Equal(("rejected", "draining"), (answer.GetProperty("status").GetString(), answer.GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_drained_server_that_never_sent_its_last_responses_is_given_up_however_many_rankings_come()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { StallMs = 60_000 });
        gateway[0].OnSubmit = _ => new(gateway[0].TakeAll());
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
    public void A_call_that_meets_a_drained_server_is_waited_for()
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
    public void Where_there_is_one_server_only_what_it_shares_out_goes_back_to_it_however_often()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { Attempts = 2 }, isOfOneServer: true);
        gateway[0].OnSubmit = _ => new(gateway[0].TakeAll());
        gateway.Echo("a");
        for (var i = 0; i < 5; i++)
        {
            gateway.Dispatcher.OnResponses(gateway[0].Rejections(RejectReason.Shared, gateway[0].Received[^1]));
        }

        Assert.Equal(6, gateway[0].Received.Count);
        Assert.Empty(gateway.Transport.Sent);
    }

    private void TakeOn(int server) => _gateway[server].OnSubmit = _ => new(_gateway[server].TakeAll());
}
