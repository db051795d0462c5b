using Microsoft.Extensions.DependencyInjection;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Handlers;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class SiloIntakeGrainTests
{
    [Fact]
    public async Task Each_server_of_the_silo_gets_its_part()
    {
        await using var cluster = await ServerCluster.Start();
        await cluster.Server("0").Start(0);
        await cluster.Server("1").Start(0);

        var receipt = await Intake(cluster).Submit(
            Batch(("0", new(1, "echo", "1")), ("absent", new(2, "echo", "2")), ("1", new(3, "echo", "3"))), cluster.ReplyTo);

        Assert.Equal([PartState.Done, PartState.NotTaken, PartState.Done], receipt.Parts.ToArray().Select(part => part.State));
        Assert.Equal([(1L, "1"), (3L, "3")], Done(receipt).Select(answer => (answer.Ticket, answer.Body)));
        Assert.Equal(["0", "1"], receipt.Parts.ToArray().Where(part => part.State == PartState.Done).Select(part => part.Receipt.Done.ServerId));
    }

    [Fact]
    public async Task A_batch_without_parts_is_answered() =>
        await WithCluster(async cluster => Assert.Equal(0, (await Intake(cluster).Submit(Batch(), cluster.ReplyTo)).Parts.Length));

    [Fact]
    public async Task Later_responses_are_pushed()
    {
        await using var cluster = await ServerCluster.Start();
        await cluster.Server("0").Start(0);
        await Intake(cluster).Submit(Batch(("0", new(1, "held", TimeLeftMs: 60_000))), cluster.ReplyTo);
        await Eventually.True(() => cluster.Held.HasBegun(1), "the handler begins");
        cluster.Held.Release(1);
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
    }

    [Fact]
    public async Task A_server_whose_inline_handler_does_not_return_holds_up_no_other()
    {
        using var end = new ManualResetEventSlim();
        await using var cluster = await ServerCluster.Start(configure: services => services.AddSingleton(end).AddWorkHandler<Stuck>("stuck"));
        await cluster.Server("0").Start(0);
        await cluster.Server("1").Start(0);
        await cluster.Server("2").Start(0);

        var receipt = await Intake(cluster).Submit(
            Batch(("0", new(1, "echo", "1")), ("1", new(2, "stuck", TimeLeftMs: 60_000)), ("2", new(3, "echo", "3"))), cluster.ReplyTo);

        Assert.Equal([PartState.Done, PartState.Working, PartState.NotTaken], receipt.Parts.ToArray().Select(part => part.State));
        Assert.Equal([1L], Done(receipt).Select(answer => answer.Ticket));
        var next = await Intake(cluster).Submit(Batch(("2", new(4, "echo", "4")), ("1", new(5, "echo", "5"))), cluster.ReplyTo);
        Assert.Equal([PartState.Done, PartState.NotTaken], next.Parts.ToArray().Select(part => part.State));

        end.Set();
        await Eventually.True(() => cluster.Gateway.Answers.Any(answer => answer.Ticket == 2), "the stuck request is answered after all");
    }

    private static async Task WithCluster(Func<ServerCluster, Task> test)
    {
        await using var cluster = await ServerCluster.Start();
        await test(cluster);
    }

    private static ISiloIntakeGrain Intake(ServerCluster cluster) =>
        cluster.Cluster.Client.GetGrain<ISiloIntakeGrain>($"{cluster.Pool}/gateway@{cluster.Cluster.Silos[0].SiloAddress}");

    private static SiloBatch Batch(params (string Server, TestRequest Request)[] parts) => new()
    {
        GatewayId = "gateway",
        Parts = parts.Select(part => TestRequest.Batch("gateway", part.Request) is var batch
            ? new ServerPart { ServerId = part.Server, Requests = batch.Requests, Bytes = batch.Bytes } : default).ToArray(),
    };

    private static IEnumerable<Answer> Done(SiloReceipt receipt) =>
        receipt.Parts.ToArray().Where(part => part.State == PartState.Done).SelectMany(part => Answer.Of(part.Receipt.Done));

    private sealed class Stuck(ManualResetEventSlim end) : IWorkHandler
    {
        public bool RunsInline => true;

        public ValueTask<WorkOutcome> Handle(WorkRequest request, System.Buffers.IBufferWriter<byte> result, CancellationToken cancellationToken)
        {
            end.Wait(TimeSpan.FromSeconds(10), CancellationToken.None);
            return new(WorkOutcome.Ok);
        }
    }
}
