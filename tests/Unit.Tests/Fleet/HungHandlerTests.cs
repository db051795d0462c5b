using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Shortline.Client;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Fleet;

/// <summary>
/// A handler ignores its token and never returns. Its server is replaced, and requests of other clients are not affected.
/// </summary>
public sealed class HungHandlerTests
{
    private const int StallMs = 300;
    private const int HangTimeoutMs = 3000;

    /// <summary>
    /// A request that waits behind the hung one until its deadline takes twice as long. One that goes to another server when the stall is
    /// found takes a fifth.
    /// </summary>
    private const int SlowestMs = HangTimeoutMs / 2;

    private static readonly ShortlineSettings Settings = new()
    {
        Server = new() { Count = 5, MaxCount = 5, MaxPerSilo = 5, QueueUpdateInterval = 0.2, HungAfterMs = 200, DrainTimeoutMs = 200 },
        LoadBalancer = new() { StallMs = StallMs, SlowStartMs = 0, RefreshIntervalMs = 100, Attempts = 3 },
        Controller = new() { IntervalMs = 100 },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_server_of_a_hung_handler_is_replaced_and_other_requests_are_not_delayed(bool idempotent)
    {
        var calls = 0;
        var never = new TaskCompletionSource<WorkOutcome>();
        await using var fleet = await FleetHost.Start(Settings, services => services.AddWorkHandler("hang", async (_, _, _) =>
        {
            Interlocked.Increment(ref calls);
            return await never.Task;
        }));
        using var stop = new CancellationTokenSource();
        using var good = fleet.Client(1);
        using var bad = fleet.Client(2);
        var others = Enumerable.Range(0, 4).Select(_ => KeepAsking(good, stop.Token)).ToList();

        var reply = await bad.SendAsync("hang", timeoutMs: HangTimeoutMs, idempotent: idempotent);
        await Eventually.True(
            async () => (await fleet.Events()).Count(happened => happened.Contains("hangs and is replaced", StringComparison.Ordinal)) == Volatile.Read(ref calls),
            $"each of the {calls} hung servers has an event");
        await Eventually.True(
            async () => (await fleet.Controller.GetStatus()).Servers.Count(server => server.Status == ServerStatus.Ready) == Settings.Server.Count,
            "the hung servers are replaced");
        await stop.CancelAsync();
        var replies = (await Task.WhenAll(others)).SelectMany(some => some).ToList();

        // The request may have run, so it is lost. If it is idempotent, the gateway sends it to other servers until its attempts are used
        // up, and it expires.
        Assert.Equal(idempotent ? ResponseStatus.Expired : ResponseStatus.Lost, reply.Status);
        Assert.InRange(calls, 1, idempotent ? Settings.LoadBalancer.Attempts : 1);
        Assert.True(replies.Count > 100, $"Only {replies.Count} requests were answered meanwhile.");
        Assert.All(replies, other => Assert.True(other.IsOk, $"{other.Status}: {other.Error}"));
        var slowest = replies.Max(other => other.Elapsed.TotalMilliseconds);
        Assert.True(slowest < SlowestMs, $"A request took {slowest:F0} ms; the stall is found after {StallMs} ms.");
    }

    /// <summary>A handler that runs inline is trusted to return at once. One that does not keeps the thread that called it.</summary>
    [Fact]
    public async Task An_inline_handler_that_hangs_holds_up_only_its_own_request()
    {
        using var end = new ManualResetEventSlim();
        await using var fleet = await FleetHost.Start(Settings, services => services.AddSingleton(end).AddWorkHandler<SometimesHangs>("inline"));
        using var client = fleet.Client(1);
        for (var i = 0; i < 200; i++)
            Assert.True((await client.SendAsync("inline")).IsOk, "calls are short, and the gateway knows that");

        var hung = client.SendAsync("inline", "true"u8.ToArray(), timeoutMs: HangTimeoutMs, idempotent: false);
        for (var i = 0; i < 200; i++)
        {
            var reply = await client.SendAsync("echo");
            Assert.True(reply.IsOk, $"{reply.Status}: {reply.Error}");
            Assert.True(reply.Elapsed.TotalMilliseconds < SlowestMs, $"A request took {reply.Elapsed.TotalMilliseconds:F0} ms.");
        }

        Assert.Equal(ResponseStatus.Lost, (await hung).Status);
        end.Set();
    }

    private sealed class SometimesHangs(ManualResetEventSlim end) : IWorkHandler
    {
        public bool RunsInline => true;

        public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
        {
            if (request.Payload.Length > 0)
                end.Wait(TimeSpan.FromSeconds(20), CancellationToken.None);
            return default;
        }
    }

    private static async Task<List<Reply>> KeepAsking(ShortlineClient client, CancellationToken stop)
    {
        List<Reply> replies = [];
        while (!stop.IsCancellationRequested)
            replies.Add(await client.SendAsync("compute", "{\"seconds\":0.002}"u8.ToArray(), cancellation: CancellationToken.None));
        return replies;
    }
}
