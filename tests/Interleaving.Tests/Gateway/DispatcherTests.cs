using System.Runtime.CompilerServices;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Interleaving.Tests.Exploration;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Interleaving.Tests.Gateway;

/// <summary>What may happen to a request at any time happens at the same time, on several threads.</summary>
public sealed class DispatcherTests
{
    private const int TimeoutMs = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_response_a_deadline_a_lost_server_and_a_repeat_end_a_request_once(int shards) => Schedules.Explore(
        () =>
        {
            var gateway = Gateway(shards);
            foreach (var server in gateway.Servers)
                server.OnSubmit = _ => new(server.AcceptAll());
            gateway[0].OnGetStatus = () => throw new TimeoutException("the silo is gone");
            gateway.EchoTo(gateway[0], "a", TimeoutMs);
            gateway.EchoTo(gateway[0], "once", TimeoutMs, idempotent: false);
            ReceivedRequest[] received = [.. gateway[0].Received];

            Operations.Start(
                () => gateway.Dispatcher.OnResponses(gateway[0].Answers(received)),
                () => gateway.Sleep(TimeoutMs + 10),
                () => gateway.Rank(without: 0),
                () => gateway.Send(Echo("a", port: 41_000).Add(EchoText("once"), 41_000)));
            Operations.Join();

            AssertAllAnswered(gateway);
        },
        executions: 400);

    [Fact]
    public void A_call_that_fails_a_response_and_a_restart_end_a_request_once() => Schedules.Explore(
        () =>
        {
            var gateway = Gateway(shards: 1);
            var call = new TaskCompletionSource<BatchReceipt>();
            gateway[0].OnSubmit = _ => new(call.Task);
            gateway.EchoTo(gateway[0], "a", TimeoutMs);
            gateway.EchoTo(gateway[0], "once", TimeoutMs, idempotent: false);
            gateway[0].OnSubmit = null;
            ReceivedRequest[] received = [.. gateway[0].Received];
            var responses = gateway[0].Answers(received);
            gateway[0].Incarnation++;

            Operations.Start(
                () => gateway.Dispatcher.OnResponses(responses),
                () => gateway.Dispatcher.OnResponses(responses),
                () => call.SetException(new TimeoutException("no answer from the silo")),
                () => gateway.Rank(),
                () => gateway.Send(Echo("b", port: 41_000)));
            Operations.Join();

            AssertAllAnswered(gateway);
        },
        executions: 400);

    [Fact]
    public void A_request_that_a_server_rejects_while_that_server_is_lost_goes_to_one_other() => Schedules.Explore(
        () =>
        {
            var gateway = Gateway(shards: 1);
            foreach (var server in gateway.Servers)
                server.OnSubmit = _ => new(server.AcceptAll());
            gateway[0].OnGetStatus = () => throw new TimeoutException("the silo is gone");
            gateway.EchoTo(gateway[0], "a", TimeoutMs);
            gateway.EchoTo(gateway[0], "once", TimeoutMs, idempotent: false);
            ReceivedRequest[] received = [.. gateway[0].Received];

            Operations.Start(
                () => gateway.Dispatcher.OnResponses(gateway[0].Rejections(RejectReason.Draining, received)),
                () => gateway.Rank(without: 0),
                () => gateway.Sleep(10));
            Operations.Join();

            var isGiven = gateway[1].Received.Exists(request => request.Id.Contains("once"));
            gateway.Dispatcher.OnResponses(gateway[1].Answers([.. gateway[1].Received]));
            Assert.Equal("ok", gateway.Transport.AnswerTo("a").GetProperty("status").GetString());
            Assert.Equal(isGiven ? "ok" : "lost", gateway.Transport.AnswerTo("once").GetProperty("status").GetString());
            Assert.Equal(2, gateway[1].Received.Count + (isGiven ? 0 : 1));
            AssertAllAnswered(gateway, isGivenBack: true);
        },
        executions: 400);

    [Fact]
    public void A_call_that_returns_while_it_is_found_to_hang_ends_its_requests_once() => Schedules.Explore(
        () =>
        {
            var gateway = Gateway(shards: 1, stallMs: 100);
            var call = new TaskCompletionSource<BatchReceipt>();
            gateway[0].OnSubmit = _ => new(call.Task);
            gateway.EchoTo(gateway[0], "a", timeoutMs: 1000);
            gateway.EchoTo(gateway[0], "waits", timeoutMs: 1000);
            gateway[0].OnSubmit = null;
            var receipt = new BatchReceipt { Done = gateway[0].Answers([.. gateway[0].Received]) };
            gateway.Advance(90);

            Operations.Start(
                () => gateway.Sleep(20),
                () => call.SetResult(receipt),
                () => gateway.Send(Echo("b", port: 41_000)),
                () => gateway.Send(Echo("c", port: 42_000)));
            Operations.Join();

            AssertAllAnswered(gateway);
            Assert.Equal(4, gateway.Transport.Sent.Count(sent => sent.Status == "ok"));
        },
        executions: 400);

    private static DispatcherFixture Gateway(int shards, int stallMs = 500) =>
        new(servers: 2, new LoadBalancerSettings { InFlightLimit = 16, DedupeLimit = 16, StallMs = stallMs }, shards: shards);

    private static string EchoText(string id) => DispatcherFixture.EchoText(id, TimeoutMs);

    private static DatagramList Echo(string id, int port) => new DatagramList().Add(EchoText(id), port);

    /// <summary>
    /// Asserts that every request has one answer, once the deadlines are over, and that nothing is counted as in flight any more. A repeat has
    /// joined the request in flight, or has an answer of its own. A request that must not run twice has one server, unless the first gave it back.
    /// </summary>
    private static void AssertAllAnswered(DispatcherFixture gateway, bool isGivenBack = false)
    {
        gateway.Advance(TimeoutMs + 20);
        gateway.Advance(gateway.Dispatcher.InFlight > 0 ? 1100 : 0);
        var counters = gateway.Dispatcher.Counters;
        Assert.Equal(0, gateway.Dispatcher.InFlight);
        Assert.Equal(counters.Received - counters.Joined, gateway.Transport.Count);
        Assert.All(FleetOf(gateway.Dispatcher).All, server => Assert.Equal((0, 0), (server.InFlight, server.Outbox.Count)));
        Assert.All(gateway.Transport.Sent.GroupBy(sent => sent.Id), answers => Assert.Single(answers.Select(answer => answer.Text).Distinct()));
        Assert.All(gateway.Transport.Sent.Where(sent => sent.Status == "ok"), sent => Assert.Equal(sent.Id, sent.Json.GetProperty("result").GetProperty("of").GetString()));
        Assert.InRange(gateway.Servers.Sum(server => server.Received.Count(request => request.Id.Contains("once"))), 0, isGivenBack ? 2 : 1);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_fleet")]
    private static extern ref ServerFleet FleetOf(Dispatcher dispatcher);
}
