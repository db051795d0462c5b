using Shortline.GrainInterfaces.Requests;
using Shortline.Unit.Tests.Gateway.Requests;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.HandOver;

/// <summary>Requests for several servers of a silo leave in one call to the silo.</summary>
public sealed class SiloCallsTests
{
    private const int Servers = 4;

    [Fact]
    public async Task Requests_that_come_together_leave_in_one_call()
    {
        var gateway = await GatewayWithIntake();
        Send(gateway, "r", 20);
        Assert.Equal(["0", "1", "2", "3"], Assert.Single(gateway.Intake!.Calls).Order());
        AssertAnswered(gateway, "r", 20, "ok");
    }

    [Fact]
    public async Task A_lone_request_leaves_in_a_call_to_its_server()
    {
        var gateway = await GatewayWithIntake();
        gateway.Echo("alone");
        Assert.Empty(gateway.Intake!.Calls);
        Assert.Equal("ok", gateway.Transport.AnswerTo("alone").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_server_that_is_busy_gets_a_call_of_its_own()
    {
        var gateway = await GatewayWithIntake();
        gateway.Intake!.Busy["2"] = true;
        Send(gateway, "r", 20);
        AssertAnswered(gateway, "r", 20, "ok");
        Assert.Equal(5, gateway[2].Received.Count(request => request.Id.Contains('r')));
    }

    [Fact]
    public async Task Responses_of_a_server_that_still_works_come_later()
    {
        var gateway = await GatewayWithIntake();
        var working = default(ServerPart);
        gateway.Intake!.OnSubmit = async batch =>
        {
            var receipt = await gateway.Intake.HandOver(batch, null!);
            var parts = receipt.Parts.ToArray();
            working = batch.Parts.Span[1];
            parts[1] = new ServerReceipt { State = PartState.Working };
            return new SiloReceipt { Parts = parts };
        };
        Send(gateway, "r", 20);
        Assert.Equal(15, gateway.Transport.Sent.Count(sent => sent.Id!.StartsWith('r')));

        var server = gateway[int.Parse(working.ServerId)];
        gateway.Dispatcher.OnResponses(server.Answers([.. server.Received.TakeLast(5)]));
        AssertAnswered(gateway, "r", 20, "ok");

        gateway.Intake.OnSubmit = null;
        Send(gateway, "s", 20);
        AssertAnswered(gateway, "s", 20, "ok");
    }

    [Fact]
    public async Task Requests_that_come_during_a_call_leave_with_the_next_one()
    {
        var gateway = await GatewayWithIntake();
        var call = new TaskCompletionSource<SiloReceipt>();
        var first = default(SiloBatch);
        gateway.Intake!.OnSubmit = batch =>
        {
            first = batch;
            return new(call.Task);
        };
        Send(gateway, "r", 8);
        Send(gateway, "s", 8);
        Send(gateway, "t", 8);
        Assert.Single(gateway.Intake.Calls);

        gateway.Intake.OnSubmit = null;
        var receipt = await gateway.Intake.HandOver(first, null!);
        DispatcherFixture.Complete(call, receipt);
        await Eventually.True(() => gateway.Dispatcher.InFlight == 0, () => $"all are answered, {gateway.Dispatcher.InFlight} are in flight");
        Assert.Equal(2, gateway.Intake.Calls.Count);
        AssertAnswered(gateway, "t", 8, "ok");
    }

    [Fact]
    public async Task Requests_of_a_call_that_fails_go_to_another_silo()
    {
        var gateway = await GatewayWithIntake();
        var other = gateway.AddServer("other");
        gateway.Rank();
        gateway.Intake!.OnSubmit = _ => throw new TimeoutException("no answer");
        Send(gateway, "r", 20);
        AssertAnswered(gateway, "r", 20, "ok");
        Assert.NotEmpty(other.Received);
    }

    [Fact]
    public async Task A_call_that_hangs_holds_nothing_up_for_long()
    {
        var gateway = await GatewayWithIntake();
        var call = new TaskCompletionSource<SiloReceipt>();
        gateway.Intake!.OnSubmit = _ => new(call.Task);
        Send(gateway, "r", 8);
        Send(gateway, "once", 4, idempotent: false);
        gateway.Intake.OnSubmit = null;
        gateway.Advance(520);
        Send(gateway, "later", 4);
        gateway.Advance(20);
        await Eventually.True(() => gateway.Dispatcher.InFlight == 0, () => $"all are answered, {gateway.Dispatcher.InFlight} are in flight");
        AssertAnswered(gateway, "r", 8, "ok");
        AssertAnswered(gateway, "once", 4, "ok");
    }

    [Fact]
    public async Task What_an_abandoned_call_did_not_hand_over_goes_elsewhere_even_if_it_must_not_run_twice()
    {
        var gateway = await GatewayWithIntake();
        var call = new TaskCompletionSource<SiloReceipt>();
        gateway.Intake!.OnSubmit = _ => new(call.Task);
        Send(gateway, "once", 8, timeoutMs: 30_000, idempotent: false);
        gateway.Advance(520);
        gateway.Intake.OnSubmit = null;
        gateway.Rank();
        Assert.Equal(8, gateway.Dispatcher.InFlight);

        DispatcherFixture.Complete(call, new SiloReceipt { Parts = new ServerReceipt[Servers] });
        await Eventually.True(() => gateway.Dispatcher.InFlight == 0, () => $"all are answered, {gateway.Dispatcher.InFlight} are in flight");
        AssertAnswered(gateway, "once", 8, "ok");
    }

    private static async Task<DispatcherFixture> GatewayWithIntake()
    {
        var gateway = new DispatcherFixture(silo: "a", servers: Servers);
        var asked = 0;
        await Eventually.True(
            () =>
            {
                Send(gateway, $"ask{asked++}-", Servers);
                return !gateway.Intake!.Calls.IsEmpty;
            },
            "the gateway knows that the silo takes requests for all its servers");
        gateway.Intake!.Calls.Clear();
        return gateway;
    }

    private static void Send(DispatcherFixture gateway, string prefix, int count, int timeoutMs = 5000, bool idempotent = true)
    {
        var datagrams = new DatagramList();
        for (var i = 0; i < count; i++)
            datagrams.Add(DispatcherFixture.EchoText($"{prefix}{i}", timeoutMs, idempotent));
        gateway.Send(datagrams);
    }

    private static void AssertAnswered(DispatcherFixture gateway, string prefix, int count, string status) =>
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(status, gateway.Transport.AnswerTo($"{prefix}{i}").GetProperty("status").GetString()));
}
