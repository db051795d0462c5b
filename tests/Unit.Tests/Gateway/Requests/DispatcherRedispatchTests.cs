using System.Reflection;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>A dispatcher whose calls to servers fail, or whose servers stall.</summary>
public class DispatcherRedispatchTests
{
    private readonly DispatcherFixture _gateway = new();

    [Fact]
    public void Requests_of_a_failed_call_go_to_another_server_at_once()
    {
        var failing = AcceptOn(0);
        FailCallsOf(failing);
        SendToIdle(failing, "a");

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Single(_gateway[1].Received);
        Assert.Equal(1, _gateway.UnreachableCalls);
        Assert.Equal("0", Assert.Single(_gateway.Dispatcher.Report().Unreachable));
    }

    [Fact]
    public void A_failed_server_gets_no_requests_until_it_reports_again()
    {
        var failing = AcceptOn(0);
        FailCallsOf(failing);
        SendToIdle(failing, "a");
        var seen = failing.Received.Count;
        for (var i = 0; i < 10; i++)
        {
            _gateway.Echo($"r{i}");
        }

        Assert.Equal(seen, failing.Received.Count);

        failing.OnSubmit = null;
        _gateway.Rank();
        for (var i = 0; i < 50; i++)
        {
            _gateway.Echo($"s{i}");
        }

        Assert.True(failing.Received.Count > seen);
    }

    [Fact]
    public void A_non_idempotent_request_is_lost_with_its_server()
    {
        FailCallsOf(_gateway[0]);
        FailCallsOf(_gateway[1]);
        _gateway.Echo("a", idempotent: false);

        Assert.Equal("lost", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Equal(1, _gateway.Servers.Sum(server => server.Received.Count));
    }

    /// <summary>Orleans refuses a call before it reaches the server, for example while the silo through which it goes stops.</summary>
    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_non_idempotent_request_goes_to_another_server_if_the_call_was_refused(Exception refusal)
    {
        var failing = AcceptOn(0);
        failing.OnSubmit = _ => throw refusal;
        _gateway.EchoTo(failing, "a", idempotent: false);

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Single(_gateway[1].Received);
    }

    public static TheoryData<Exception> Refusals =>
    [
        new GatewayTooBusyException("too busy"),
        (Exception)Activator.CreateInstance(
            typeof(OrleansMessageRejectionException), BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, null, ["rejected"], null)!,
    ];

    /// <summary>The server works on a request when a later call to it fails, because another silo on the way is lost.</summary>
    [Fact]
    public void A_non_idempotent_request_that_a_server_has_is_not_lost_with_a_later_call()
    {
        var failing = AcceptOn(0);
        _gateway.EchoTo(failing, "a", idempotent: false);
        failing.OnSubmit = _ => throw new SiloUnavailableException("a silo is gone");
        _gateway.EchoTo(failing, "b");
        Assert.Equal("ok", _gateway.Transport.AnswerTo("b").GetProperty("status").GetString());
        Assert.False(_gateway.Transport.HasAnswerTo("a"), "request a was answered");

        _gateway.Dispatcher.OnResponses(failing.Answers(failing.Received[0]));
        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(0, false, "expired")]
    [InlineData(20, false, "lost")]
    [InlineData(20, true, "expired")]
    public void An_expired_non_idempotent_request_is_lost_if_its_handler_had_started(int serviceTimeUs, bool idempotent, string status)
    {
        AcceptOn(0);
        AcceptOn(1);
        _gateway.Echo("a", idempotent: idempotent);
        var accepter = _gateway.Servers.Single(server => server.Received.Count == 1);

        _gateway.Dispatcher.OnResponses(accepter.Expirations(serviceTimeUs, accepter.Received[0]));

        Assert.Equal(status, _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
    }

    [Fact]
    public void A_request_that_makes_servers_hang_reaches_at_most_as_many_as_it_has_attempts()
    {
        var gateway = new DispatcherFixture(servers: 6, new LoadBalancerSettings { Attempts = 3, StallMs = 100 });
        for (var i = 0; i < 6; i++)
        {
            var server = gateway[i];
            server.OnSubmit = _ => new(server.AcceptAll());
        }

        gateway.Echo("a", timeoutMs: 60_000);
        for (var i = 0; i < 20; i++)
        {
            gateway.Advance(101);
        }

        Assert.Equal(3, gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void Requests_leave_hung_servers_even_if_most_servers_hang()
    {
        var gateway = new DispatcherFixture(servers: 5, new LoadBalancerSettings { StallMs = 100 });
        foreach (var hung in (int[])[0, 1, 2])
        {
            var server = gateway[hung];
            server.OnSubmit = _ => new(server.AcceptAll());
        }

        for (var i = 0; i < 40; i++)
        {
            gateway.Echo($"before{i}", timeoutMs: 60_000, idempotent: false);
        }

        gateway.Advance(101);
        Assert.Equal(3, gateway.Dispatcher.Counters.Stalls);
        for (var i = 0; i < 40; i++)
        {
            gateway.Echo($"may{i}", timeoutMs: 60_000);
            gateway.Echo($"must_not{i}", timeoutMs: 60_000, idempotent: false);
            Assert.Equal("ok", gateway.Transport.AnswerTo($"must_not{i}").GetProperty("status").GetString());
        }

        gateway.Advance(101);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal("ok", gateway.Transport.AnswerTo($"may{i}").GetProperty("status").GetString());
        }
    }

    [Fact]
    public void A_stalled_server_gets_no_requests_and_its_requests_go_to_another_server()
    {
        AcceptOn(0);
        AcceptOn(1);
        _gateway.Echo("a", timeoutMs: 5000);
        var hung = _gateway.Servers.Single(server => server.Received.Count == 1);
        var other = _gateway.Servers.Single(server => server.Received.Count == 0);
        other.OnSubmit = null;
        hung.OnGetStatus = () => Task.FromResult(hung.Report(queueLength: 1));

        _gateway.Advance(511);

        Assert.Equal("ok", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        for (var i = 0; i < 10; i++)
        {
            _gateway.Echo($"r{i}");
        }

        Assert.Single(hung.Received);
        Assert.Equal(1, _gateway.Dispatcher.Counters.Stalls);
    }

    [Fact]
    public void A_stalled_server_is_readmitted_when_it_answers_and_the_first_answer_counts()
    {
        AcceptOn(0);
        AcceptOn(1);
        _gateway.Echo("a", timeoutMs: 5000);
        var slow = _gateway.Servers.Single(server => server.Received.Count == 1);
        var other = _gateway.Servers.Single(server => server.Received.Count == 0);
        _gateway.Advance(501);
        Assert.Single(other.Received);

        _gateway.Dispatcher.OnResponses(slow.Answers(slow.Received[0]));
        _gateway.Dispatcher.OnResponses(other.Answers(other.Received[0]));

        _gateway.Transport.AnswerTo("a");
        Assert.Equal(1, _gateway.Dispatcher.Counters.Late);
        _gateway.Echo("b");
        _gateway.Echo("c");
        Assert.Equal(2, slow.Received.Count);
        Assert.Equal(2, other.Received.Count);
    }

    [Fact]
    public void A_non_idempotent_request_stays_with_its_stalled_server_and_is_lost_at_its_timeout()
    {
        AcceptOn(0);
        AcceptOn(1);
        _gateway.Echo("a", timeoutMs: 2000, idempotent: false);
        _gateway.Advance(600);
        _gateway.Advance(1500);

        Assert.Equal("lost", _gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
        Assert.Equal(1, _gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void The_only_server_is_not_ejected_when_it_stalls()
    {
        var gateway = new DispatcherFixture(servers: 1);
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        gateway.Echo("a", timeoutMs: 5000);
        gateway.Advance(600);
        gateway.Echo("b");

        Assert.Equal(2, gateway[0].Received.Count);
    }

    [Fact]
    public void Redispatches_after_a_stall_stay_within_the_retry_budget()
    {
        var gateway = new DispatcherFixture(servers: 2, new LoadBalancerSettings { BatchLimit = 4096 });
        foreach (var server in gateway.Servers)
        {
            server.OnSubmit = _ => new(server.AcceptAll());
        }

        for (var i = 0; i < 2000; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway[1].OnSubmit = null;
        var half = gateway[1].Received.Count;
        gateway.Dispatcher.OnResponses(gateway[1].Answers([.. gateway[1].Received]));
        gateway.Advance(400);
        gateway.Echo("keeps 1 alive");
        gateway.Echo("and again");
        gateway.Advance(200);

        var redispatched = gateway.Dispatcher.Counters.Redispatched;
        Assert.InRange(redispatched, 1, (2002 * 0.2) + 100);
        Assert.True(gateway[1].Received.Count < half + 600);
    }

    private FakeServer AcceptOn(int server)
    {
        _gateway[server].OnSubmit = _ => new(_gateway[server].AcceptAll());
        return _gateway[server];
    }

    private static void FailCallsOf(FakeServer server) =>
        server.OnSubmit = _ => ValueTask.FromException<BatchReceipt>(new TimeoutException("no answer from the silo"));

    /// <summary>Sends a request to this server, which the dispatcher chooses because the other one is busy.</summary>
    private void SendToIdle(FakeServer server, string id)
    {
        var other = _gateway.Servers.Single(candidate => candidate != server);
        other.OnSubmit = _ => new(other.AcceptAll());
        _gateway.RankAs(other.Report());
        _gateway.Echo("busy");
        _gateway.Rank();
        other.OnSubmit = null;
        other.Received.Clear();
        _gateway.Echo(id);
    }
}
