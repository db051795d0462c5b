using Shortline.GrainInterfaces.Requests;
using Shortline.Unit.Tests.Gateway.Requests;
using static Shortline.Unit.Tests.Gateway.Recovery.SilentSilos;

namespace Shortline.Unit.Tests.Gateway.HandOver;

/// <summary>Grain calls to servers, and the memory that they carry.</summary>
public sealed class GrainCallsTests
{
    [Fact]
    public void A_late_call_answers_no_request_twice_and_its_batch_memory_is_not_reused()
    {
        var gateway = GatewayWith("a", "b");
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
    public void Calls_do_not_run_in_the_context_of_the_ranking_that_started_them()
    {
        var context = new AsyncLocal<string>();
        var gateway = new DispatcherFixture(servers: 0);
        context.Value = "ranking";
        var server = gateway.AddServer();
        gateway.Rank();
        context.Value = null!;
        var seen = new List<string?>();
        server.OnSubmit = batch =>
        {
            seen.Add(context.Value);
            return new(server.AnswerAll(batch));
        };

        gateway.Echo("a");
        gateway.Echo("b");

        Assert.Equal([null, null], seen);
    }

    [Fact]
    public void Memory_of_a_batch_that_a_handler_keeps_is_not_reused()
    {
        var gateway = GatewayWith("a");
        RequestBatch kept = default;
        gateway[0].OnSubmit = batch =>
        {
            kept = batch;
            return new(gateway[0].AnswerAll(batch) with { KeepsBatch = true });
        };
        gateway.Echo("first");
        gateway[0].OnSubmit = null;
        gateway.Echo("later");

        Assert.Equal("\"first\"", System.Text.Encoding.UTF8.GetString(kept.IdOf(kept.Requests.Span[0])));
    }
}
