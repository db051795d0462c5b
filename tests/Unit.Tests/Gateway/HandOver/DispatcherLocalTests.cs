using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Gateway.Requests;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.HandOver;

/// <summary>A gateway in a silo hands requests to the servers of its process without grain calls.</summary>
public sealed class DispatcherLocalTests
{
    [Fact]
    public async Task Requests_are_handed_over_without_a_grain_call()
    {
        var gateway = new DispatcherFixture(servers: 3, isInSilo: true);
        var datagrams = new DatagramList();
        for (var i = 0; i < 200; i++)
            datagrams.Add(DispatcherFixture.EchoText($"{i}"));
        gateway.Send(datagrams);

        await Eventually.True(() => Volatile.Read(ref gateway.Transport.Count) == 200, () => $"200 answers are sent, not {gateway.Transport.Count}");
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal("ok", gateway.Transport.AnswerTo($"{i}").GetProperty("status").GetString()));
        Assert.Equal(gateway.Servers.Sum(server => server.BatchSizes.Count), gateway.Local!.Calls);
        Assert.Equal(0, gateway.Dispatcher.InFlight);
    }

    [Fact]
    public async Task A_busy_server_gets_a_grain_call()
    {
        var gateway = new DispatcherFixture(servers: 1, isInSilo: true);
        gateway.Local!.Busy["0"] = true;
        gateway.Echo("1");
        await Answered(gateway, "1");
        Assert.Equal(0, gateway.Local.Calls);

        gateway.Local.Busy.Clear();
        gateway.Echo("2");
        await Answered(gateway, "2");
        Assert.Equal(1, gateway.Local.Calls);
    }

    [Fact]
    public async Task Servers_of_other_silos_get_grain_calls()
    {
        var gateway = new DispatcherFixture(servers: 1, isInSilo: true);
        var other = gateway.AddServer("other");
        gateway.Rank();
        gateway.EchoTo(other, "1");
        await Answered(gateway, "1");
        Assert.Equal(0, gateway.Local!.Calls);
        Assert.Single(other.Received);
    }

    [Fact]
    public async Task Requests_that_come_during_a_call_leave_with_the_next_one()
    {
        var gateway = new DispatcherFixture(servers: 1, isInSilo: true);
        using var called = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        gateway[0].OnSubmit = batch =>
        {
            called.Release();
            goOn.Wait(TimeSpan.FromSeconds(10));
            return new(gateway[0].AnswerAll(batch));
        };
        gateway.Echo("1");
        Assert.True(await called.WaitAsync(TimeSpan.FromSeconds(10)), "the first request is handed over");
        gateway.Echo("2");
        gateway.Echo("3");
        goOn.Release(2);
        await Answered(gateway, "3");
        Assert.Equal([1, 2], gateway[0].BatchSizes);
    }

    [Fact]
    public async Task Later_responses_of_a_server_are_settled_off_its_turn()
    {
        var gateway = new DispatcherFixture(servers: 1, isInSilo: true);
        gateway[0].OnSubmit = _ => new(gateway[0].AcceptAll());
        gateway.Echo("1");
        await Eventually.True(() => gateway.Local!.Calls == 1, "the request is handed over");

        var turnThread = Environment.CurrentManagedThreadId;
        var sendingThread = 0;
        gateway.Transport.BeforeSend += () => sendingThread = Environment.CurrentManagedThreadId;
        Assert.True(gateway.Local!.ReplyTo!.OnResponses(gateway[0].Answers([.. gateway[0].Received])).IsCompletedSuccessfully);
        await Answered(gateway, "1");
        Assert.NotEqual(turnThread, sendingThread);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_hangs_holds_up_neither_the_others_nor_answers_that_are_there(bool idempotent)
    {
        var gateway = new DispatcherFixture(servers: 3, new LoadBalancerSettings { StallMs = 500 }, isInSilo: true);
        using var end = new ManualResetEventSlim();
        gateway[1].OnGetStatus = () => new TaskCompletionSource<ServerResponse>().Task;
        gateway[1].OnSubmit = batch =>
        {
            end.Wait(TimeSpan.FromSeconds(20));
            return new(gateway[1].AnswerAll(batch));
        };

        // One request for each server: the one after the first is stuck in the call, with the answer of the first in its thread's hands.
        var datagrams = new DatagramList();
        for (var i = 0; i < 3; i++)
            datagrams.Add(DispatcherFixture.EchoText($"{i}", timeoutMs: 10_000, idempotent: idempotent));
        gateway.Send(datagrams);
        await Eventually.True(() => gateway[1].BatchSizes.Count == 1, "the server that hangs has its request");
        await Eventually.True(
            () =>
            {
                gateway.Advance(10);
                return gateway.Transport.Sent.Count >= 2;
            },
            () => $"the other two are answered, not {gateway.Transport.Count}");
        if (idempotent)
        {
            await Eventually.True(
                () =>
                {
                    gateway.Advance(10);
                    return Volatile.Read(ref gateway.Transport.Count) == 3;
                },
                "the request of the server that hangs is answered by another one");
        }

        gateway.Echo("later");
        await Answered(gateway, "later");
        end.Set();
        await Eventually.True(() => gateway.Dispatcher.InFlight == 0, () => $"nothing is in flight, not {gateway.Dispatcher.InFlight}");
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal("ok", gateway.Transport.AnswerTo($"{i}").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Short_calls_are_made_by_the_thread_that_receives_and_others_by_the_pool()
    {
        var gateway = new DispatcherFixture(servers: 1, isInSilo: true);
        var here = gateway.Dispatcher.CreateLocalRun()!;
        var (microseconds, receiving, isHere) = (1, 0, false);
        gateway[0].OnSubmit = batch =>
        {
            isHere = Environment.CurrentManagedThreadId == Volatile.Read(ref receiving);
            gateway.Time.Advance(TimeSpan.FromMicroseconds(microseconds));
            return new(gateway[0].AnswerAll(batch));
        };
        Assert.False(await IsCalledHere("unknown"));
        Assert.True(await IsCalledHere("short"));
        microseconds = 5000;
        Assert.True(await IsCalledHere("long"));
        Assert.False(await IsCalledHere("after a long one"));

        async Task<bool> IsCalledHere(string id)
        {
            Volatile.Write(ref receiving, Environment.CurrentManagedThreadId);
            gateway.Dispatcher.OnRequests(new DatagramList().Add(DispatcherFixture.EchoText(id)), 1, gateway.Dispatcher.RentOutgoing(), here);
            Volatile.Write(ref receiving, 0);
            await Answered(gateway, id);
            return isHere;
        }
    }

    /// <summary>The thread that receives calls server 1, which hangs, before the others.</summary>
    [Fact]
    public async Task If_a_short_call_does_not_return_another_thread_receives_and_makes_the_other_calls()
    {
        var gateway = new DispatcherFixture(servers: 3, new LoadBalancerSettings { StallMs = 500 }, isInSilo: true);
        var here = gateway.Dispatcher.CreateLocalRun()!;
        var replaced = 0;
        here.OnStuck = () => Interlocked.Increment(ref replaced);
        using var end = new ManualResetEventSlim();
        var hangs = false;
        foreach (var server in gateway.Servers)
        {
            server.OnSubmit = batch =>
            {
                gateway.Time.Advance(TimeSpan.FromMicroseconds(1));
                if (hangs && server == gateway[1])
                    end.Wait(TimeSpan.FromSeconds(20));
                return new(server.AnswerAll(batch));
            };
        }

        gateway[1].OnGetStatus = () => new TaskCompletionSource<ServerResponse>().Task;
        gateway.Send(Three("first"));
        await Eventually.True(() => Volatile.Read(ref gateway.Transport.Count) == 3, "three requests are answered, and the calls known to be short");

        hangs = true;
        var receiving = new Thread(() => gateway.Dispatcher.OnRequests(Three("then"), 3, gateway.Dispatcher.RentOutgoing(), here));
        receiving.Start();
        await Eventually.True(
            () =>
            {
                gateway.Advance(10);
                return Volatile.Read(ref gateway.Transport.Count) == 6;
            },
            () => $"all six are answered, the one of the server that hangs by another, not {gateway.Transport.Count}");
        Assert.Equal(1, replaced);
        end.Set();
        Assert.True(receiving.Join(TimeSpan.FromSeconds(10)), "the thread goes on when the call returns");
        await Eventually.True(() => gateway.Dispatcher.InFlight == 0, "nothing is in flight");

        static DatagramList Three(string name)
        {
            var datagrams = new DatagramList();
            for (var i = 0; i < 3; i++)
                datagrams.Add(DispatcherFixture.EchoText($"{name} {i}", timeoutMs: 10_000));
            return datagrams;
        }
    }

    [Fact]
    public async Task A_call_that_throws_is_a_failed_call()
    {
        var gateway = new DispatcherFixture(servers: 2, isInSilo: true);
        gateway[0].OnSubmit = _ => throw new InvalidOperationException("a fault of the server");
        gateway.Send(new DatagramList().Add(DispatcherFixture.EchoText("1"), 40_000).Add(DispatcherFixture.EchoText("2"), 40_000));
        await Answered(gateway, "1");
        await Answered(gateway, "2");
        Assert.Equal(1, gateway.Dispatcher.Counters.FailedCalls);
    }

    private static Task Answered(DispatcherFixture gateway, string id) =>
        Eventually.True(() => gateway.Transport.HasAnswerTo(id), $"request {id} is answered");
}
