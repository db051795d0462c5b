using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Handlers;
using Shortline.Grains.Servers;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A batch for several servers of a silo is handed to each of them.</summary>
public sealed class SiloHandoverTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Each_server_of_the_silo_gets_its_part()
    {
        await using var cluster = await ServerCluster.Start();
        await StartServers(cluster, "0", "1");
        var handover = Handover(cluster, ("0", new(1, "echo", "1")), ("absent", new(2, "echo", "2")), ("1", new(3, "echo", "3")));
        handover.Execute();
        await handover.Completed.WaitAsync(Limit);
        var receipt = handover.End();
        Assert.Equal([PartState.Done, PartState.NotTaken, PartState.Done], States(receipt));
        Assert.Equal([(1L, "1"), (3L, "3")], Done(receipt).Select(answer => (answer.Ticket, answer.Body)));
        Assert.Equal(["0", "1"], receipt.Parts.ToArray().Where(part => part.State == PartState.Done).Select(part => part.Receipt.Done.ServerId));
    }

    [Fact]
    public async Task A_server_whose_handler_does_not_return_holds_up_no_other()
    {
        using var stuck = new StuckOnce();
        await using var cluster = await ServerCluster.Start(configure: services => services.AddSingleton(stuck).AddWorkHandler<Stuck>("stuck"));
        await StartServers(cluster, "0", "1", "2");
        var handover = Handover(cluster, ("0", new(1, "echo", "1")), ("1", new(2, "stuck", TimeLeftMs: 60_000)), ("2", new(3, "echo", "3")));
        var running = Task.Run(handover.Execute);
        await stuck.Begun.WaitAsync(Limit);

        var receipt = handover.End();
        Assert.Equal([PartState.Done, PartState.Working, PartState.NotTaken], States(receipt));
        Assert.Equal([1L], Done(receipt).Select(answer => answer.Ticket));

        // The next batch finds the server busy.
        var next = Handover(cluster, ("2", new(4, "echo", "4")), ("1", new(5, "echo", "5")));
        next.Execute();
        Assert.Equal([PartState.Done, PartState.NotTaken], States(next.End()));

        stuck.Release();
        await running.WaitAsync(Limit);
        await Eventually.True(() => cluster.Gateway.Answers.Any(answer => answer.Ticket == 2), "the answer comes by itself");
        Assert.DoesNotContain(3L, cluster.Gateway.Answers.Select(answer => answer.Ticket));
    }

    [Fact]
    public async Task The_intake_grain_of_a_silo_hands_over_and_pushes_later_responses()
    {
        await using var cluster = await ServerCluster.Start();
        await StartServers(cluster, "0", "1");
        var intake = cluster.Cluster.Client.GetGrain<ISiloIntakeGrain>($"{cluster.Pool}/gateway@{cluster.Cluster.Silos[0].SiloAddress}");
        Assert.Equal(0, (await intake.Submit(Batch(), cluster.ReplyTo)).Parts.Length);

        // A cold silo may take longer than the grain waits; then a part stays behind, and its answer comes by itself.
        long ticket = 10;
        await Eventually.True(
            async () => States(await intake.Submit(Batch(("0", new(ticket++, "echo", "1")), ("1", new(ticket++, "echo", "2"))), cluster.ReplyTo))
                .SequenceEqual([PartState.Done, PartState.Done]),
            "both servers have their parts");

        await intake.Submit(Batch(("0", new(1, "held", TimeLeftMs: 60_000))), cluster.ReplyTo);
        await Eventually.True(() => cluster.Held.HasBegun(1), "the handler begins");
        cluster.Held.Release(1);
        await Eventually.True(() => cluster.Gateway.Answers.Any(answer => answer.Ticket == 1), "the request is answered");
    }

    private static async Task StartServers(ServerCluster cluster, params string[] ids)
    {
        foreach (var id in ids)
            await cluster.Server(id).Start(0);
    }

    private static SiloHandover Handover(ServerCluster cluster, params (string Server, TestRequest Request)[] parts) =>
        new(cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<SiloServers>(), cluster.Pool, Batch(parts), cluster.Gateway, NullLogger.Instance);

    private static SiloBatch Batch(params (string Server, TestRequest Request)[] parts) => new()
    {
        GatewayId = "gateway",
        Parts = Array.ConvertAll(parts, part =>
        {
            var batch = TestRequest.Batch("gateway", part.Request);
            return new ServerPart { ServerId = part.Server, Requests = batch.Requests, Bytes = batch.Bytes };
        }),
    };

    private static PartState[] States(SiloReceipt receipt) => [.. receipt.Parts.ToArray().Select(part => part.State)];

    private static IEnumerable<Answer> Done(SiloReceipt receipt) =>
        receipt.Parts.ToArray().Where(part => part.State == PartState.Done).SelectMany(part => Answer.Of(part.Receipt.Done));

    private sealed class StuckOnce : IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _end = new();

        public Task Begun => _begun.Task;

        public void Wait()
        {
            _begun.TrySetResult();
            _end.Wait(Limit, CancellationToken.None);
        }

        public void Release() => _end.Set();

        public void Dispose() => _end.Dispose();
    }

    private sealed class Stuck(StuckOnce stuck) : IWorkHandler
    {
        public bool RunsInline => true;

        public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
        {
            stuck.Wait();
            return new(WorkOutcome.Ok);
        }
    }
}
