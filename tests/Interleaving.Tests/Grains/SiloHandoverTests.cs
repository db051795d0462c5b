using System.Text;
using Microsoft.Coyote.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;
using Shortline.Interleaving.Tests.Exploration;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Interleaving.Tests.Grains;

/// <summary>A handover ends, because the gateway waits no longer, while it hands requests to servers.</summary>
public sealed class SiloHandoverTests
{
    private const int Servers = 3;

    [Fact]
    public void The_responses_of_a_server_are_in_the_receipt_or_pushed_and_never_both() => Schedules.Explore(() =>
    {
        var silo = new Silo();
        var parts = Enumerable.Range(0, Servers).Select(i => new ServerPart { ServerId = $"{i}", Requests = default, Bytes = default });
        var batch = new SiloBatch { GatewayId = "test", Parts = parts.ToArray() };
        var handover = new SiloHandover(silo, "pool", batch, silo, NullLogger.Instance);
        ServerReceipt[] receipts = [];
        Operations.Start(
            handover.Execute,
            () => receipts = handover.End().Parts.ToArray());
        Operations.Join();

        Assert.True(handover.Completed.IsCompletedSuccessfully);
        for (var i = 0; i < Servers; i++)
        {
            var (wasCalled, wasPushed) = (silo.Called.Contains($"{i}"), silo.Pushed.Contains($"{i}"));
            Assert.Equal((receipts[i].State != PartState.NotTaken, receipts[i].State == PartState.Working), (wasCalled, wasPushed));
            if (receipts[i].State == PartState.Done)
                Assert.Equal($"{i}", Encoding.UTF8.GetString(receipts[i].Receipt.Done.Bytes.Span));
        }
    });

    /// <summary>Servers that answer one request each, and the gateway to which responses are pushed.</summary>
    private sealed class Silo : ILocalServers, IGatewayObserver
    {
        public List<string> Called { get; } = [];

        public List<string> Pushed { get; } = [];

        public bool TrySubmit(string pool, string id, in RequestBatch batch, IGatewayObserver replyTo, ReceiptMemory memory, out BatchReceipt receipt)
        {
            Called.Add(id);
            SchedulingPoint.Interleave();
            var answers = new FakeServer(id).Answers(new ReceivedRequest(Ticket: 1, "1", "echo", id, TimeLeftMs: 1000));
            var (responses, bytes) = memory.Copy(answers.Responses.Span, answers.Bytes.Span);
            receipt = new BatchReceipt { Done = answers with { Responses = responses, Bytes = bytes } };
            return true;
        }

        public Task OnResponses(ResponseBatch responses)
        {
            Pushed.Add(responses.ServerId);
            return Task.CompletedTask;
        }

        public Task OnRanking(ServerRanking ranking) => Task.CompletedTask;
    }
}
