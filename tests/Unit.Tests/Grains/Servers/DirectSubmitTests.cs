using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A gateway in the silo's process hands requests to servers without a grain call.</summary>
public sealed class DirectSubmitTests(LowThresholdsSilo silos) : IClassFixture<LowThresholdsSilo>
{
    private readonly ReceiptMemory _memory = new();

    private ILocalServers Local => silos.Silos.Silos[0].ServiceProvider.GetRequiredService<ILocalServers>();

    [Fact]
    public async Task It_is_answered_as_a_grain_call_is()
    {
        await using var cluster = silos.NewPool();
        var started = await cluster.Server("0").Start(0);
        var receipt = Submit(cluster, new TestRequest(1, "echo", "1"), new TestRequest(2, "held", "2"), new TestRequest(3, "echo", "3"));
        Assert.Equal([(1L, "1")], Answer.Of(receipt.Done).Select(answer => (answer.Ticket, answer.Body)));
        Assert.Equal((started.Incarnation, 1, 1, 2), (receipt.Done.Incarnation, receipt.Done.QueueLength, receipt.Done.InService, receipt.Done.OfThisGateway));

        await Eventually.True(() => cluster.Held.HasBegun(2), "the handler of request 2 begins");
        cluster.Held.Release(2);
        await Eventually.True(() => cluster.Gateway.Answers.Count == 2, "requests 2 and 3 are answered");
        Assert.Equal(["2", "3"], cluster.Gateway.Answers.Select(answer => answer.Body));
    }

    [Fact]
    public async Task A_request_that_is_handed_over_directly_expires_too()
    {
        await using var cluster = silos.NewPool();
        await cluster.Server("0").Start(0);
        Submit(cluster, new TestRequest(1, "held", TimeLeftMs: 30));
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
        Assert.Equal(ResponseStatus.Expired, cluster.Gateway.Answers[0].Status);
    }

    [Fact]
    public async Task A_queue_that_grows_so_is_reported()
    {
        await using var cluster = silos.NewPool();
        await cluster.Server("0").Start(0);
        Submit(cluster, [.. Enumerable.Range(1, 4).Select(i => new TestRequest(i, "held", TimeLeftMs: 60_000))]);
        await Eventually.True(() => cluster.Reports.All.Any(report => report.QueueLength == 3), "a queue over the threshold is reported");
    }

    [Fact]
    public async Task A_server_that_has_ended_is_not_found()
    {
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        Assert.False(TrySubmit(cluster, out _, new TestRequest(1, "echo")), "it has not started");
        await server.Start(0);
        Assert.True(TrySubmit(cluster, out _, new TestRequest(2, "echo")));
        await server.Drain();
        Assert.False(TrySubmit(cluster, out _, new TestRequest(3, "echo")), "it has ended");
    }

    [Fact]
    public async Task A_draining_server_rejects()
    {
        await using var cluster = silos.NewPool();
        await cluster.Server("0").Start(0);
        Submit(cluster, new TestRequest(1, "held", TimeLeftMs: 60_000));
        await Eventually.True(() => cluster.Held.HasBegun(1), "the handler begins");
        await cluster.Server("0").Drain();
        var refused = Assert.Single(Answer.Of(Submit(cluster, new TestRequest(2, "echo")).Done));
        Assert.Equal((ResponseStatus.Rejected, RejectReason.Draining), (refused.Status, refused.Reason));
    }

    /// <summary>Direct calls, grain calls and finished jobs all change the queue at once; every request gets one answer.</summary>
    [Fact]
    public async Task Direct_calls_and_grain_calls_do_not_disturb_each_other()
    {
        const int Callers = 4;
        const int Each = 2000;
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        await server.Start(0);
        var answers = new ConcurrentBag<long>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var memory = new ReceiptMemory();
            for (var i = 0; i < Each; i++)
            {
                var operation = i % 3 == 0 ? "compute" : "echo";
                var request = new TestRequest((caller * Each) + i, operation, operation == "echo" ? $"{i}" : "{\"seconds\":0}", TimeLeftMs: 60_000);
                var batch = TestRequest.Batch($"gateway-{caller}", request);
                if (i % 5 == 0 || !Local.TrySubmit(cluster.Pool, "0", batch, cluster.Gateway, memory, out var receipt))
                    receipt = await server.Submit(batch, cluster.ReplyTo);
                foreach (var answer in Answer.Of(receipt.Done))
                    answers.Add(answer.Ticket);
            }
        })));
        await Eventually.True(
            () => answers.Count + cluster.Gateway.Answers.Count >= Callers * Each,
            () => $"{Callers * Each} requests are answered, not {answers.Count + cluster.Gateway.Answers.Count}");
        var all = answers.Concat(cluster.Gateway.Answers.Select(answer => answer.Ticket)).ToList();
        Assert.Equal(Callers * Each, all.Distinct().Count());
        Assert.Equal(Callers * Each, all.Count);
        var report = await server.GetStatus();
        Assert.Equal((0, 0), (report.QueueLength, report.InService));
    }

    private BatchReceipt Submit(ServerCluster cluster, params TestRequest[] requests)
    {
        Assert.True(TrySubmit(cluster, out var receipt, requests), "the server takes a direct call");
        return receipt;
    }

    private bool TrySubmit(ServerCluster cluster, out BatchReceipt receipt, params TestRequest[] requests)
    {
        // A server that is in the middle of a turn refuses a direct call, for a moment.
        var taken = false;
        BatchReceipt got = default;
        SpinWait.SpinUntil(
            () => taken = Local.TrySubmit(cluster.Pool, "0", TestRequest.Batch("gateway", requests), cluster.Gateway, _memory, out got),
            TimeSpan.FromMilliseconds(200));
        receipt = got;
        return taken;
    }
}
