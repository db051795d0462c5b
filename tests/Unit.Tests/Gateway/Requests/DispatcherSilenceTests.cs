using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>A dispatcher whose silos are gone or suspended: calls fail or stay unanswered.</summary>
public class DispatcherSilenceTests
{
    /// <summary><see cref="LoadBalancerSettings.StallMs"/> and two sweep intervals.</summary>
    private const int SilenceMs = 520;

    private readonly LoadBalancerSettings _settings = new() { BatchLimit = 4096 };

    [Fact]
    public void Requests_of_an_unanswered_call_and_those_waiting_behind_it_go_to_other_servers()
    {
        var gateway = GatewayWith("a", "b");
        var call = HangCallsOf(gateway[0]);
        for (var i = 0; i < 20; i++)
        {
            gateway.Echo($"r{i}");
        }

        gateway.Advance(SilenceMs);

        AssertAnswered(gateway, 20);
        Assert.Single(gateway[0].BatchSizes);
        Assert.Equal("0", Assert.Single(gateway.Dispatcher.Report().Unreachable));
        Assert.False(call.Task.IsCompleted);
    }

    [Fact]
    public void A_silent_server_gets_no_requests_until_it_answers_a_probe()
    {
        var gateway = GatewayWith("a", "b");
        HangCallsOf(gateway[0]);
        var probe = new TaskCompletionSource<ServerResponse>();
        gateway[0].OnGetStatus = () => probe.Task;
        gateway.EchoTo(gateway[0], "r0");
        gateway.EchoTo(gateway[0], "r1");
        gateway.Advance(SilenceMs);
        var calls = gateway[0].BatchSizes.Count;
        gateway[0].OnSubmit = null;
        for (var i = 2; i < 20; i++)
        {
            gateway.Echo($"r{i}");
        }

        Assert.Equal(calls, gateway[0].BatchSizes.Count);
        Assert.Equal(1, gateway[0].Probes);
        gateway.Advance(SilenceMs);
        Assert.Equal(2, gateway[0].Probes); // The first probe may have been lost on the broken connection.

        DispatcherFixture.Complete(probe, gateway[0].Report());
        for (var i = 20; i < 60; i++)
        {
            gateway.Echo($"r{i}");
        }

        Assert.True(gateway[0].BatchSizes.Count > calls + 10);
        AssertAnswered(gateway, 60);
    }

    [Fact]
    public void Requests_of_a_lost_call_are_sent_again_to_the_same_server_once_it_answers_a_probe()
    {
        var gateway = GatewayWith("a", "b");
        HangCallsOf(gateway[0]); // Both calls went through a third silo, which is gone.
        HangCallsOf(gateway[1]);
        var probes = new[] { new TaskCompletionSource<ServerResponse>(), new TaskCompletionSource<ServerResponse>() };
        gateway[0].OnGetStatus = () => probes[0].Task;
        gateway[1].OnGetStatus = () => probes[1].Task;
        for (var i = 0; i < 10; i++)
        {
            gateway.Echo($"may{i}", timeoutMs: 5000);
            gateway.Echo($"must_not{i}", timeoutMs: 5000, idempotent: false);
        }

        gateway.Advance(SilenceMs);
        Assert.Empty(gateway.Transport.Sent);
        gateway[0].OnSubmit = gateway[1].OnSubmit = null;
        DispatcherFixture.Complete(probes[0], gateway[0].Report());
        DispatcherFixture.Complete(probes[1], gateway[1].Report());
        gateway.Advance(20);

        var mayNot = gateway[0].Received.Concat(gateway[1].Received).Where(request => request.Id.Contains("must_not", StringComparison.Ordinal)).ToArray();
        Assert.Equal(mayNot.Length, mayNot.DistinctBy(request => request.Id).Count()); // Those that waited behind the calls have not run.
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal("ok", gateway.Transport.AnswerTo($"may{i}").GetProperty("status").GetString()));
        gateway.Advance(5000);
        AssertAnswered(gateway, 20);
        Assert.InRange(gateway.Transport.Sent.Count(sent => sent.Status == "lost"), 1, 2); // one call to each server
    }

    [Fact]
    public void A_late_call_answers_no_request_twice_and_its_batch_memory_is_not_reused()
    {
        var gateway = GatewayWith("a", "b");
        RequestBatch carried = default;
        var call = new TaskCompletionSource<BatchReceipt>();
        gateway[0].OnSubmit = batch =>
        {
            carried = batch;
            return new(call.Task);
        };
        gateway.EchoTo(gateway[0], "first");
        gateway.EchoTo(gateway[0], "second");
        gateway.Advance(SilenceMs);
        gateway[0].OnSubmit = null;
        for (var i = 0; i < 50; i++)
        {
            gateway.Echo($"later{i}");
        }

        Assert.True(gateway[0].Received.Count > 10);
        Assert.Equal("\"first\"", System.Text.Encoding.UTF8.GetString(carried.IdOf(Assert.Single(carried.Requests.ToArray()))));
        DispatcherFixture.Complete(call, gateway[0].AnswerAll(carried));

        gateway.Transport.AnswerTo("first");
        gateway.Transport.AnswerTo("second");
        Assert.Equal(1, gateway.Dispatcher.Counters.Late);
        AssertAnswered(gateway, 52);
    }

    [Fact]
    public void Requests_leave_all_servers_of_a_silent_silo_at_once_regardless_of_the_retry_budget()
    {
        var gateway = GatewayWith("a", "a", "b");
        gateway[1].OnSubmit = _ => new(gateway[1].AcceptAll()); // It accepts the requests before its silo stops.
        gateway[2].OnSubmit = _ => new(gateway[2].AcceptAll());
        for (var i = 0; i < 1500; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway[2].OnSubmit = null;
        gateway.Dispatcher.OnResponses(gateway[2].Answers([.. gateway[2].Received]));
        HangCallsOf(gateway[0]);
        gateway.Advance(400);
        gateway.Dispatcher.OnResponses(gateway[1].Answers(gateway[1].Received[0])); // Server 1 has not stalled when the dispatcher finds server 0 silent.
        gateway.Advance(1);
        for (var i = 1500; i < 1800; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway.Advance(SilenceMs);

        AssertAnswered(gateway, 1800);
    }

    [Fact]
    public void A_silo_is_not_silent_while_another_of_its_servers_answers()
    {
        var gateway = GatewayWith("a", "a", "b");
        HangCallsOf(gateway[0]);
        gateway[0].OnGetStatus = () => new TaskCompletionSource<ServerResponse>().Task;
        gateway.EchoTo(gateway[0], "hung");
        for (var i = 1; i < 60; i++)
        {
            gateway.Echo($"r{i}");
            gateway.Advance(10);
        }

        AssertAnswered(gateway, 60);
        Assert.Equal("0", Assert.Single(gateway.Dispatcher.Report().Unreachable));
        Assert.True(gateway[1].Received.Count > 10);
    }

    [Fact]
    public void Requests_leave_all_servers_of_a_silo_when_one_call_finds_it_unavailable()
    {
        var gateway = GatewayWith("a", "a", "b");
        gateway[1].OnSubmit = _ => new(gateway[1].AcceptAll());
        for (var i = 0; i < 30; i++)
        {
            gateway.Echo($"may{i}");
            gateway.Echo($"must_not{i}", idempotent: false);
        }

        var mayNot = gateway[1].Received.Where(request => request.Id.Contains("must_not", StringComparison.Ordinal)).ToArray();
        gateway[0].OnSubmit = _ => ValueTask.FromException<BatchReceipt>(new SiloUnavailableException("gone"));
        for (var i = 0; i < 10; i++)
        {
            gateway.Echo($"last{i}");
        }

        // Server 1 may still answer its non-idempotent requests. Only a ranking shows that it is gone.
        AssertAnswered(gateway, 70 - mayNot.Length);
        gateway.Dispatcher.OnResponses(gateway[1].Answers(mayNot));
        AssertAnswered(gateway, 70);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal("ok", sent.Status));
    }

    [Fact]
    public void A_non_idempotent_request_stays_with_its_call_and_those_that_wait_go_to_other_servers()
    {
        var gateway = GatewayWith("a", "b");
        RequestBatch carried = default;
        var call = new TaskCompletionSource<BatchReceipt>();
        gateway[0].OnSubmit = batch =>
        {
            carried = batch;
            return new(call.Task);
        };
        for (var i = 0; i < 10; i++)
        {
            gateway.EchoTo(gateway[0], $"r{i}", idempotent: false);
        }

        gateway.Advance(SilenceMs);

        Assert.Single(carried.Requests.ToArray());
        Assert.Equal(9, gateway.Transport.Sent.Count);
        DispatcherFixture.Complete(call, gateway[0].AnswerAll(carried));
        AssertAnswered(gateway, 10);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal("ok", sent.Status));
        Assert.Equal(10, gateway.Servers.Sum(server => server.Received.Count));
    }

    [Fact]
    public void The_only_server_gets_all_its_requests_again_when_it_answers_again()
    {
        var gateway = GatewayWith("a");
        HangCallsOf(gateway[0]);
        gateway[0].OnGetStatus = () => new TaskCompletionSource<ServerResponse>().Task;
        for (var i = 0; i < 5; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway.Advance(SilenceMs);
        gateway.Echo("r5", timeoutMs: 30_000);
        gateway[0].OnSubmit = null;
        gateway[0].OnGetStatus = null;
        gateway.Advance(2 * SilenceMs);

        AssertAnswered(gateway, 6);
    }

    [Fact]
    public void The_port_of_one_server_probes_it_after_every_failure()
    {
        var gateway = new DispatcherFixture(servers: 1, new LoadBalancerSettings { StallMs = int.MaxValue }, isOfOneServer: true);
        for (var i = 0; i < 3; i++)
        {
            gateway[0].OnSubmit = _ => ValueTask.FromException<BatchReceipt>(new TimeoutException("no answer"));
            gateway.Echo($"failing{i}", timeoutMs: 100);
            gateway.Advance(1100);
            gateway[0].OnSubmit = null;
            gateway.Echo($"r{i}", timeoutMs: 5000);
            gateway.Advance(1100);

            Assert.Equal("ok", gateway.Transport.AnswerTo($"r{i}").GetProperty("status").GetString());
        }
    }

    [Fact]
    public void Calls_do_not_run_in_the_context_of_the_ranking_that_started_them()
    {
        var context = new AsyncLocal<string>();
        var gateway = new DispatcherFixture(servers: 0);
        context.Value = "ranking";
        var server = gateway.AddServer();
        gateway.Rank();
        context.Value = null!;
        var seen = new List<string?>();
        server.OnSubmit = batch =>
        {
            seen.Add(context.Value);
            return new(server.AnswerAll(batch));
        };

        gateway.Echo("a");
        gateway.Echo("b");

        Assert.Equal([null, null], seen);
    }

    [Fact]
    public void Memory_of_a_batch_that_a_handler_keeps_is_not_reused()
    {
        var gateway = GatewayWith("a");
        RequestBatch kept = default;
        gateway[0].OnSubmit = batch =>
        {
            kept = batch;
            return new(gateway[0].AnswerAll(batch) with { KeepsBatch = true });
        };
        gateway.Echo("first");
        gateway[0].OnSubmit = null;
        gateway.Echo("later");

        Assert.Equal("\"first\"", System.Text.Encoding.UTF8.GetString(kept.IdOf(kept.Requests.Span[0])));
    }

    [Fact]
    public void A_pause_of_the_gateway_does_not_count_as_silence_of_its_servers()
    {
        var gateway = GatewayWith("a", "b");
        var call = HangCallsOf(gateway[0]);
        gateway.EchoTo(gateway[0], "r0", timeoutMs: 30_000);
        gateway.Echo("r1", timeoutMs: 30_000);
        var batch = gateway[0].Received[0];

        gateway.Sleep(4000);
        gateway.Advance(100);

        Assert.Equal(0, gateway.Dispatcher.Counters.Stalls);
        DispatcherFixture.Complete(call, new BatchReceipt { Done = gateway[0].Answers(batch) });
        AssertAnswered(gateway, 2);
        Assert.Equal(0, gateway.Dispatcher.Counters.Redispatched);
    }

    [Fact]
    public void Large_batches_of_inline_work_do_not_count_as_silence()
    {
        var gateway = GatewayWith("a", "b");
        gateway[0].OnSubmit = batch => WorkInline(gateway, gateway[0], batch, msPerRequest: 20);
        for (var i = 0; i < 5; i++)
        {
            gateway.EchoTo(gateway[0], $"one{i}", timeoutMs: 60_000);
        }

        var call = HangCallsOf(gateway[0]);
        gateway.EchoTo(gateway[0], "first", timeoutMs: 60_000);
        for (var i = 0; i < 50; i++)
        {
            gateway.EchoTo(gateway[0], $"many{i}", timeoutMs: 60_000);
        }

        var first = gateway[0].Received[^1];
        HangCallsOf(gateway[0]);
        gateway.Advance(20);
        DispatcherFixture.Complete(call, new BatchReceipt { Done = gateway[0].Answers(first) });
        Assert.Equal(50, gateway[0].BatchSizes[^1]);
        gateway.Advance(950);

        Assert.Empty(gateway.Dispatcher.Report().Unreachable);
    }

    [Fact]
    public void A_later_server_with_the_same_id_on_another_silo_takes_over()
    {
        var gateway = GatewayWith("a", "b");
        var former = gateway[0];
        former.OnSubmit = _ => new(former.AcceptAll());
        gateway.EchoTo(former, "r0");
        gateway.EchoTo(former, "r1");
        var taken = former.Received.ToArray();
        Assert.NotEmpty(taken);

        var later = gateway.MoveServer(0, "b");
        gateway.Rank();
        gateway.Dispatcher.OnResponses(former.Answers(taken)); // The former silo was not dead, only suspended.

        AssertAnswered(gateway, 2);
        for (var i = 2; i < 22; i++)
        {
            gateway.Echo($"r{i}");
        }

        AssertAnswered(gateway, 22);
        Assert.True(later.Received.Count > 5);
        Assert.Equal(taken.Length, former.Received.Count);
    }

    [Fact]
    public void The_last_responses_of_a_drained_server_are_accepted_even_if_its_id_has_moved_to_another_silo()
    {
        var gateway = GatewayWith("a", "b");
        var former = gateway[0];
        former.OnSubmit = _ => new(former.AcceptAll());
        gateway[1].OnSubmit = _ => new(gateway[1].AcceptAll());
        gateway.Echo("r0", idempotent: false);
        gateway.Echo("r1", idempotent: false);
        gateway.RankAs(former.Report(ServerStatus.Draining), gateway[1].Report());
        gateway.MoveServer(0, "b");
        gateway.Rank();

        gateway.Dispatcher.OnResponses(former.Answers([.. former.Received]));
        gateway.Dispatcher.OnResponses(gateway[1].Answers([.. gateway[1].Received]));

        AssertAnswered(gateway, 2);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal("ok", sent.Status));
    }

    [Fact]
    public void A_late_ranking_does_not_restore_an_earlier_server()
    {
        var gateway = GatewayWith("a", "b");
        var former = gateway[0].Report();
        var later = gateway.MoveServer(0, "b");
        gateway.Rank();

        gateway.RankAs(former, gateway[1].Report());
        for (var i = 0; i < 20; i++)
        {
            gateway.Echo($"r{i}");
        }

        Assert.True(later.Received.Count > 5);
    }

    [Fact]
    public void An_unreachable_server_is_reported_again_if_the_report_failed()
    {
        var gateway = GatewayWith("a", "b");
        HangCallsOf(gateway[0]);
        gateway.EchoTo(gateway[0], "r0");
        gateway.Advance(SilenceMs);

        var report = gateway.Dispatcher.Report();
        Assert.Empty(gateway.Dispatcher.Report().Unreachable);
        gateway.Dispatcher.NotReported(report);

        Assert.Equal("0", Assert.Single(gateway.Dispatcher.Report().Unreachable));
        Assert.True(report.RankingVersion > 0);
    }

    /// <summary>Makes a gateway with one server for each of these silo names.</summary>
    private DispatcherFixture GatewayWith(params string[] silos)
    {
        var gateway = new DispatcherFixture(servers: 0, _settings);
        foreach (var silo in silos)
        {
            gateway.AddServer(silo);
        }

        gateway.Rank();
        return gateway;
    }

    private static TaskCompletionSource<BatchReceipt> HangCallsOf(FakeServer server)
    {
        var call = new TaskCompletionSource<BatchReceipt>();
        server.OnSubmit = _ => new(call.Task);
        return call;
    }

    private static ValueTask<BatchReceipt> WorkInline(DispatcherFixture gateway, FakeServer server, RequestBatch batch, int msPerRequest)
    {
        gateway.Time.Advance(TimeSpan.FromMilliseconds(msPerRequest * batch.Requests.Length));
        return new(server.AnswerAll(batch));
    }

    private static void AssertAnswered(DispatcherFixture gateway, int requests)
    {
        var answers = gateway.Transport.Sent.GroupBy(sent => sent.Id).ToList();
        Assert.True(requests == answers.Count, $"{answers.Count} of {requests} requests were answered: {string.Join(' ', answers.Select(answer => answer.Key))}");
        Assert.All(answers, answer => Assert.Single(answer));
    }
}
