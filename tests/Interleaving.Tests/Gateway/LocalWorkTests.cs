using System.Runtime.CompilerServices;
using Microsoft.Coyote.Runtime;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Interleaving.Tests.Exploration;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Interleaving.Tests.Gateway;

/// <summary>Threads call servers of the own process, while others add calls, take them away from a run that is stuck, and send its answers.</summary>
public sealed class LocalWorkTests
{
    [Fact]
    public void Every_request_is_answered_once_when_a_run_is_found_stuck_at_any_time() => Schedules.Explore(
        () =>
        {
            var gateway = Gateway();
            var replaced = 0;
            var here = gateway.Dispatcher.CreateLocalRun()!;
            here.OnStuck = () => replaced++;
            Operations.Start(
                () =>
                {
                    Receive(gateway, here, "first");
                    Receive(gateway, here, "second");
                },
                () =>
                {
                    for (var i = 0; i < 3; i++)
                        gateway.Dispatcher.Sweep();
                });
            Operations.Join();
            AssertAllAnswered(gateway, requests: 6);
            Assert.InRange(replaced, 0, 1);
        },
        executions: 400);

    [Fact]
    public void Every_request_is_answered_once_when_the_pool_makes_the_calls() => Schedules.Explore(
        () =>
        {
            var gateway = Gateway();
            Operations.Start(
                () => gateway.Send(Requests("first")),
                () => gateway.Send(Requests("second")),
                gateway.Dispatcher.Sweep);
            Operations.Join();
            AssertAllAnswered(gateway, requests: 6);
        },
        executions: 400);

    /// <summary>A gateway with servers whose calls are known to be short. Others may run during a call.</summary>
    private static DispatcherFixture Gateway()
    {
        var gateway = new DispatcherFixture(servers: 3, new LoadBalancerSettings { InFlightLimit = 16, DedupeLimit = 16 }, isInSilo: true);
        foreach (var server in gateway.Servers)
        {
            server.OnSubmit = batch =>
            {
                gateway.Time.Advance(TimeSpan.FromMicroseconds(1));
                SchedulingPoint.Interleave();
                return new(server.AnswerAll(batch));
            };
        }

        gateway.Send(Requests("known"));
        Operations.Join();
        gateway.Transport.Sent.Clear();
        return gateway;
    }

    private static void Receive(DispatcherFixture gateway, LocalRun here, string name)
    {
        var outgoing = gateway.Dispatcher.RentOutgoing();
        gateway.Dispatcher.OnRequests(Requests(name), 3, outgoing, here);
        gateway.Dispatcher.ReturnOutgoing(outgoing);
    }

    private static DatagramList Requests(string name)
    {
        var datagrams = new DatagramList();
        for (var i = 0; i < 3; i++)
            datagrams.Add(DispatcherFixture.EchoText($"{name} {i}"));
        return datagrams;
    }

    private static void AssertAllAnswered(DispatcherFixture gateway, int requests)
    {
        Assert.Equal(requests, gateway.Transport.Sent.Where(sent => sent.Status == "ok").Select(sent => sent.Id).Distinct().Count());
        Assert.Equal(requests, gateway.Transport.Sent.Count);
        Assert.Equal(0, gateway.Dispatcher.InFlight);
        var work = WorkOf(gateway.Dispatcher);
        Assert.Equal((0, false), (work.Threads, work.IsWaiting));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_local")]
    private static extern ref LocalWork WorkOf(Dispatcher dispatcher);
}
