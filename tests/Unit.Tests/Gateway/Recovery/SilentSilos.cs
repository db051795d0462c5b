using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.Recovery;

/// <summary>Gateways whose silos are gone or suspended: calls fail or stay unanswered.</summary>
internal static class SilentSilos
{
    /// <summary><see cref="LoadBalancerSettings.StallMs"/> and two sweep intervals.</summary>
    public const int SilenceMs = 520;

    /// <summary>Makes a gateway with one server for each of these silo names.</summary>
    public static DispatcherFixture GatewayWith(params string[] silos)
    {
        var gateway = new DispatcherFixture(servers: 0, new LoadBalancerSettings { BatchLimit = 4096 });
        foreach (var silo in silos)
            gateway.AddServer(silo);
        gateway.Rank();
        return gateway;
    }

    /// <summary>Makes all later calls to a server return when the result is set.</summary>
    public static TaskCompletionSource<BatchReceipt> HangCallsOf(FakeServer server)
    {
        var call = new TaskCompletionSource<BatchReceipt>();
        server.OnSubmit = _ => new(call.Task);
        return call;
    }

    /// <summary>Checks that so many requests were answered, each once.</summary>
    public static void AssertAnswered(DispatcherFixture gateway, int requests)
    {
        var answers = gateway.Transport.Sent.GroupBy(sent => sent.Id).ToList();
        Assert.True(requests == answers.Count, $"{answers.Count} of {requests} requests were answered: {string.Join(' ', answers.Select(answer => answer.Key))}");
        Assert.All(answers, answer => Assert.Single(answer));
    }
}
