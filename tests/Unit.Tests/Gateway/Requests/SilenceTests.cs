using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>Silos that are gone or stand still, as a gateway sees them: calls fail, or have no answer.</summary>
public class SilenceTests
{
    /// <summary>More than <see cref="LoadBalancerSettings.StallMs"/>, and by how often sweeps come.</summary>
    private const int SilenceMs = 520;

    private readonly LoadBalancerSettings _settings = new() { BatchLimit = 4096 };

    [Fact]
    public void A_call_without_an_answer_gives_what_it_carries_and_what_waits_behind_it_to_others()
    {
        var gateway = Silos("a", "b");
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
    public void A_server_that_is_silent_gets_nothing_until_it_answers_the_gateways_question_and_then_it_does()
    {
        var gateway = Silos("a", "b");
        HangCallsOf(gateway[0]);
        var asked = new TaskCompletionSource<ServerResponse>();
        gateway[0].OnGetStatus = () => asked.Task;
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
        Assert.Equal(1, gateway[0].Asked);
        gateway.Advance(SilenceMs);
        Assert.Equal(2, gateway[0].Asked); // the first question may have gone the way that is broken

        DispatcherFixture.Complete(asked, gateway[0].Report());
        for (var i = 20; i < 60; i++)
        {
            gateway.Echo($"r{i}");
        }

        Assert.True(gateway[0].BatchSizes.Count > calls + 10);
        AssertAnswered(gateway, 60);
    }

    [Fact]
    public void A_call_that_returns_late_answers_nobody_twice_and_has_had_its_memory_to_itself()
    {
        var gateway = Silos("a", "b");
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
    public void All_servers_of_a_silent_silo_are_left_at_once_whatever_the_retry_budget()
    {
        var gateway = Silos("a", "a", "b");
        gateway[1].OnSubmit = _ => new(gateway[1].TakeAll()); // accepts, and then its silo stops
        gateway[2].OnSubmit = _ => new(gateway[2].TakeAll());
        for (var i = 0; i < 1500; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway[2].OnSubmit = null;
        gateway.Dispatcher.OnResponses(gateway[2].Answers([.. gateway[2].Received]));
        HangCallsOf(gateway[0]);
        gateway.Advance(400);
        gateway.Dispatcher.OnResponses(gateway[1].Answers(gateway[1].Received[0])); // 1 has not stalled when 0 is found silent
        gateway.Advance(1);
        for (var i = 1500; i < 1800; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway.Advance(SilenceMs);

        AssertAnswered(gateway, 1800);
    }

    [Fact]
    public void A_silo_of_which_another_server_speaks_is_not_silent()
    {
        var gateway = Silos("a", "a", "b");
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
    public void When_one_call_says_that_the_silo_is_gone_all_its_servers_are_left()
    {
        var gateway = Silos("a", "a", "b");
        gateway[1].OnSubmit = _ => new(gateway[1].TakeAll());
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

        // What must not run twice may be answered by its server still; whether that is gone is for the ranking to say.
        AssertAnswered(gateway, 70 - mayNot.Length);
        gateway.Dispatcher.OnResponses(gateway[1].Answers(mayNot));
        AssertAnswered(gateway, 70);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal("ok", sent.Status));
    }

    [Fact]
    public void What_must_not_run_twice_stays_with_the_call_that_carries_it_and_what_has_not_left_yet_does_not()
    {
        var gateway = Silos("a", "b");
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
    public void The_only_server_gets_what_waits_for_it_when_it_speaks_again()
    {
        var gateway = Silos("a");
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

        // The one that was under way is not known to be lost: it ends with its time, or with its call.
        Assert.Equal(5, gateway.Transport.Sent.Count);
    }

    [Fact]
    public void The_time_in_which_the_gateway_stood_still_is_not_held_against_the_servers()
    {
        var gateway = Silos("a", "b");
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
    public void Large_batches_of_inline_work_are_not_taken_for_silence()
    {
        var gateway = Silos("a", "b");
        gateway[0].OnSubmit = batch => Work(gateway, gateway[0], batch, msPerRequest: 20);
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
    public void A_later_server_with_the_id_on_another_silo_takes_over()
    {
        var gateway = Silos("a", "b");
        var former = gateway[0];
        former.OnSubmit = _ => new(former.TakeAll());
        gateway.EchoTo(former, "r0");
        gateway.EchoTo(former, "r1");
        var taken = former.Received.ToArray();
        Assert.NotEmpty(taken);

        var later = gateway.MoveServer(0, "b");
        gateway.Rank();
        gateway.Dispatcher.OnResponses(former.Answers(taken)); // the silo was not dead, it had stopped

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
    public void The_last_responses_of_a_drained_server_count_though_another_silo_has_its_id_by_now()
    {
        var gateway = Silos("a", "b");
        var former = gateway[0];
        former.OnSubmit = _ => new(former.TakeAll());
        gateway[1].OnSubmit = _ => new(gateway[1].TakeAll());
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
    public void A_ranking_with_a_former_server_does_not_bring_it_back()
    {
        var gateway = Silos("a", "b");
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
    public void What_the_balancer_was_not_told_is_told_again()
    {
        var gateway = Silos("a", "b");
        HangCallsOf(gateway[0]);
        gateway.EchoTo(gateway[0], "r0");
        gateway.Advance(SilenceMs);

        var report = gateway.Dispatcher.Report();
        Assert.Empty(gateway.Dispatcher.Report().Unreachable);
        gateway.Dispatcher.NotReported(report);

        Assert.Equal("0", Assert.Single(gateway.Dispatcher.Report().Unreachable));
        Assert.True(report.RankingVersion > 0);
    }

    /// <summary>A gateway with a server on each of these silos.</summary>
    private DispatcherFixture Silos(params string[] silos)
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

    private static ValueTask<BatchReceipt> Work(DispatcherFixture gateway, FakeServer server, RequestBatch batch, int msPerRequest)
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
