using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Gateway.Requests;
using static Shortline.Unit.Tests.Gateway.Recovery.SilentSilos;

namespace Shortline.Unit.Tests.Gateway.Recovery;

/// <summary>Calls to a server do not return: its requests go to others.</summary>
public sealed class SilentServerTests
{
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

    private static ValueTask<BatchReceipt> WorkInline(DispatcherFixture gateway, FakeServer server, RequestBatch batch, int msPerRequest)
    {
        gateway.Time.Advance(TimeSpan.FromMilliseconds(msPerRequest * batch.Requests.Length));
        return new(server.AnswerAll(batch));
    }
}
