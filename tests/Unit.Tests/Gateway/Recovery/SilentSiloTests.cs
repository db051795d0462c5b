using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using static Shortline.Unit.Tests.Gateway.Recovery.SilentSilos;

namespace Shortline.Unit.Tests.Gateway.Recovery;

/// <summary>All servers of a silo are lost together.</summary>
public sealed class SilentSiloTests
{
    [Fact]
    public void Requests_leave_all_servers_of_a_silent_silo_at_once_regardless_of_the_retry_budget()
    {
        var gateway = GatewayWith("a", "a", "b");
        gateway[1].OnSubmit = _ => new(gateway[1].AcceptAll()); // It accepts the requests before its silo stops.
        gateway[2].OnSubmit = _ => new(gateway[2].AcceptAll());
        for (var i = 0; i < 1500; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway[2].OnSubmit = null;
        gateway.Dispatcher.OnResponses(gateway[2].Answers([.. gateway[2].Received]));
        HangCallsOf(gateway[0]);
        gateway.Advance(400);
        gateway.Dispatcher.OnResponses(gateway[1].Answers(gateway[1].Received[0])); // Server 1 has not stalled when the dispatcher finds server 0 silent.
        gateway.Advance(1);
        for (var i = 1500; i < 1800; i++)
        {
            gateway.Echo($"r{i}", timeoutMs: 30_000);
        }

        gateway.Advance(SilenceMs);

        AssertAnswered(gateway, 1800);
    }

    [Fact]
    public void A_silo_is_not_silent_while_another_of_its_servers_answers()
    {
        var gateway = GatewayWith("a", "a", "b");
        HangCallsOf(gateway[0]);
        gateway[0].OnGetStatus = () => new TaskCompletionSource<ServerResponse>().Task;
        gateway.EchoTo(gateway[0], "hung");
        for (var i = 1; i < 60; i++)
        {
            gateway.Echo($"r{i}");
            gateway.Advance(10);
        }

        AssertAnswered(gateway, 60);
        Assert.Equal("0", Assert.Single(gateway.Dispatcher.Report().Unreachable));
        Assert.True(gateway[1].Received.Count > 10);
    }

    [Fact]
    public void Requests_leave_all_servers_of_a_silo_when_one_call_finds_it_unavailable()
    {
        var gateway = GatewayWith("a", "a", "b");
        gateway[1].OnSubmit = _ => new(gateway[1].AcceptAll());
        for (var i = 0; i < 30; i++)
        {
            gateway.Echo($"may{i}");
            gateway.Echo($"must_not{i}", idempotent: false);
        }

        var mayNot = gateway[1].Received.Where(request => request.Id.Contains("must_not", StringComparison.Ordinal)).ToArray();
        gateway[0].OnSubmit = _ => ValueTask.FromException<BatchReceipt>(new SiloUnavailableException("gone"));
        for (var i = 0; i < 10; i++)
        {
            gateway.Echo($"last{i}");
        }

        // Server 1 may still answer its non-idempotent requests. Only a ranking shows that it is gone.
        AssertAnswered(gateway, 70 - mayNot.Length);
        gateway.Dispatcher.OnResponses(gateway[1].Answers(mayNot));
        AssertAnswered(gateway, 70);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal("ok", sent.Status));
    }
}
