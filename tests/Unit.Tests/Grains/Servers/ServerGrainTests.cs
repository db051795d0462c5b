using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>One silo whose servers count a handler as hung soon after its deadline, and report a queue of more than two at once.</summary>
public sealed class LowThresholdsSilo() : ServerSilos(new ShortlineSettings
{
    Server = new ServerSettings { HungAfterMs = 50 },
    LoadBalancer = new LoadBalancerSettings { ServerScalingThreshold = 2 },
});

public sealed class ServerGrainTests(LowThresholdsSilo silos) : IClassFixture<LowThresholdsSilo>
{

    [Fact]
    public async Task A_server_that_is_not_started_rejects_requests_and_deactivates()
    {
        await using var cluster = silos.NewPool();
        var receipt = await cluster.Server("0").Submit(TestRequest.Batch("gateway", new TestRequest(1, "echo")), cluster.ReplyTo);
        Assert.Equal(RejectReason.NotStarted, Assert.Single(Answer.Of(receipt.Done)).Reason);
        Assert.Equal((ServerStatus.Starting, 0), await StatusAndIncarnation(cluster.Server("0").GetStatus()));
        Assert.Empty(cluster.Reports.All);
    }

    [Fact]
    public async Task Responses_that_are_not_complete_at_once_are_pushed_to_the_gateway()
    {
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        await server.Start(0);
        var receipt = await server.Submit(
            TestRequest.Batch("gateway", new TestRequest(1, "echo", "1"), new TestRequest(2, "held", "2"), new TestRequest(3, "echo", "3")), cluster.ReplyTo);
        Assert.Equal([1], Answer.Of(receipt.Done).Select(answer => answer.Ticket));
        Assert.Equal((1, 1, 2), (receipt.Done.QueueLength, receipt.Done.InService, receipt.Done.OfThisGateway));

        await WaitForHandler(cluster, 2);
        cluster.Held.Release(2);
        await Eventually.True(() => cluster.Gateway.Answers.Count == 2, "requests 2 and 3 are answered");
        Assert.Equal(["2", "3"], cluster.Gateway.Answers.Select(answer => answer.Body));
        var batch = Assert.Single(cluster.Gateway.Batches); // Both finished in one turn, so they were sent in one batch.
        Assert.Equal((0, 0, 0), (batch.QueueLength, batch.InService, batch.OfThisGateway));
        Assert.True(batch.Sequence > receipt.Done.Sequence);
    }

    [Fact]
    public async Task A_request_expires_by_the_servers_own_clock()
    {
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        await server.Start(0);
        await server.Submit(TestRequest.Batch("gateway", new TestRequest(1, "held", TimeLeftMs: 30), new TestRequest(2, "echo", TimeLeftMs: 60_000)), cluster.ReplyTo);
        await Eventually.True(() => cluster.Gateway.Answers.Count == 2, "both requests are answered");
        Assert.Equal(
            [(1, ResponseStatus.Expired), (2, ResponseStatus.Rejected)],
            cluster.Gateway.Answers.Select(answer => (answer.Ticket, answer.Status)));
        await Eventually.True(() => cluster.Reports.All.Last().Status == ServerStatus.Failed, "the server reports that it has failed");
        Assert.Equal(1, cluster.Reports.All.Last().HungWorkers);
    }

    [Fact]
    public async Task A_start_and_a_crossing_of_the_threshold_are_reported_at_once()
    {
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        var started = await server.Start(0);
        var first = Assert.Single(cluster.Reports.All);
        Assert.Equal((ServerStatus.Ready, started.Incarnation, "0"), (first.Status, first.Incarnation, first.Identity));

        await server.Submit(TestRequest.Batch("gateway", Enumerable.Range(1, 4).Select(i => new TestRequest(i, "held", TimeLeftMs: 60_000))), cluster.ReplyTo);
        await Eventually.True(() => cluster.Reports.All.Any(report => report.QueueLength == 3), "a queue over the threshold is reported");
        for (var i = 1; i <= 4; i++)
        {
            await WaitForHandler(cluster, i);
            cluster.Held.Release(i);
        }

        await Eventually.True(() => cluster.Reports.All.Last() is { Completed: 4, Load: 0 }, "the completion of all requests is reported");
        Assert.All(cluster.Reports.All.Zip(cluster.Reports.All.Skip(1)), pair => Assert.True(pair.First.Sequence < pair.Second.Sequence));
    }

    [Fact]
    public async Task An_idle_server_reports_at_its_interval()
    {
        await using var cluster = await ServerCluster.Start(new ShortlineSettings { Server = new ServerSettings { QueueUpdateInterval = 0.05 } });
        await cluster.Server("0").Start(0);
        await Eventually.True(() => cluster.Reports.All.Count >= 4, "three heartbeats follow the first report");
    }

    [Fact]
    public async Task A_drained_server_answers_its_requests_reports_its_end_and_deactivates()
    {
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        var incarnation = (await server.Start(0)).Incarnation;
        await server.Submit(TestRequest.Batch("gateway", new TestRequest(1, "held", "1")), cluster.ReplyTo);
        Assert.Equal(ServerStatus.Draining, (await server.Drain()).Status);
        await WaitForHandler(cluster, 1);
        cluster.Held.Release(1);
        await Eventually.True(() => cluster.Reports.All.Last().Status == ServerStatus.Stopped, "the server reports that it has stopped");
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
        Assert.Equal(ServerStatus.Stopped, (await server.Drain()).Status);
        var late = await server.Submit(TestRequest.Batch("gateway", new TestRequest(2, "echo")), cluster.ReplyTo);
        Assert.Equal(RejectReason.Draining, Assert.Single(Answer.Of(late.Done)).Reason);

        await Eventually.True(async () => (await server.Start(0)).Incarnation > incarnation, "a new activation starts");
        Assert.Equal(ServerStatus.Ready, (await server.GetStatus()).Status);
    }

    [Fact]
    public async Task A_killed_server_leaves_its_requests_unanswered_and_can_be_started_again()
    {
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        var incarnation = (await server.Start(0)).Incarnation;
        await server.Submit(TestRequest.Batch("gateway", new TestRequest(1, "held"), new TestRequest(2, "echo")), cluster.ReplyTo);
        await WaitForHandler(cluster, 1);
        await server.Kill();
        await Eventually.True(() => cluster.Held.Of(1).Token.IsCancellationRequested, "the handler's token is cancelled");
        cluster.Held.Release(1);

        await Eventually.True(
            async () => await server.Start(0) is { Status: ServerStatus.Ready } again && again.Incarnation > incarnation, "a new activation starts");
        var receipt = await server.Submit(TestRequest.Batch("gateway", new TestRequest(3, "echo", "3")), cluster.ReplyTo);
        Assert.Equal("3", Assert.Single(Answer.Of(receipt.Done)).Body);
        Assert.Empty(cluster.Gateway.Answers);
    }

    [Fact]
    public async Task A_stopping_silo_rejects_waiting_requests_and_finishes_those_in_service()
    {
        // There are two silos. The one that stays hosts the gateway.
        await using var cluster = await ServerCluster.Start(silos: 2);
        var server = cluster.Server("0", cluster.Cluster.Silos[1]);
        await server.Start(0);
        await server.Submit(TestRequest.Batch("gateway", new TestRequest(1, "held", "1", 60_000), new TestRequest(2, "echo", "2", 60_000)), cluster.ReplyToAt(cluster.Cluster.Silos[0]));
        await WaitForHandler(cluster, 1);

        var stopping = cluster.Cluster.StopSiloAsync(cluster.Cluster.Silos[1]);
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the waiting request is rejected");
        var rejected = Assert.Single(cluster.Gateway.Answers);
        Assert.Equal((2, RejectReason.Draining), (rejected.Ticket, rejected.Reason));

        cluster.Held.Release(1);
        await Eventually.Completes(stopping, "the silo stops");
        Assert.Equal([ResponseStatus.Rejected, ResponseStatus.Ok], cluster.Gateway.Answers.Select(answer => answer.Status));
    }

    [Fact]
    public async Task Each_request_of_many_concurrent_batches_is_answered_once()
    {
        var settings = new ShortlineSettings { Server = new ServerSettings { Concurrency = 4, QueueLimit = 100_000 } };
        await using var cluster = await ServerCluster.Start(settings);
        var server = cluster.Server("0");
        await server.Start(0);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async batch => (await server.Submit(
            TestRequest.Batch(
                "gateway",
                Enumerable.Range(0, 40).Select(i => i % 2 == 0
                    ? new TestRequest(batch * 100 + i, "echo", "1", 60_000)
                    : new TestRequest(batch * 100 + i, "hash", """{"rounds":2}""", 60_000))),
            cluster.ReplyTo)).Done));
        var atOnce = receipts.SelectMany(Answer.Of).ToList();
        await Eventually.True(() => cluster.Gateway.Answers.Count + atOnce.Count >= 2000, () => $"2000 requests are answered, {cluster.Gateway.Answers.Count + atOnce.Count} were");
        var answers = atOnce.Concat(cluster.Gateway.Answers).ToList();
        Assert.Equal(2000, answers.Select(answer => answer.Ticket).Distinct().Count());
        Assert.Equal(2000, answers.Count);
        Assert.All(answers, answer => Assert.Equal(ResponseStatus.Ok, answer.Status));
    }

    private static Task WaitForHandler(ServerCluster cluster, long ticket) =>
        Eventually.True(() => cluster.Held.HasBegun(ticket), $"the handler of request {ticket} begins");

    private static async Task<(ServerStatus Status, long Incarnation)> StatusAndIncarnation(Task<ServerResponse> response) =>
        ((await response).Status, (await response).Incarnation);
}
