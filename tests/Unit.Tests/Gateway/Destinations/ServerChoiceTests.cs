using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Choosing;
using Shortline.Balancing.Health;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.Destinations;

/// <summary>Rules that hold for every algorithm: ejected and warming servers are left out.</summary>
public sealed class ServerChoiceTests
{
    private const double EjectionMs = 30_000;

    public static TheoryData<string> Names => [.. BalancingPolicies.Names];

    /// <summary>Omits the algorithms that count failures themselves: they avoid such a server before it has failed five times.</summary>
    [Theory]
    [InlineData(BalancingPolicies.ConsistentHash)]
    [InlineData(BalancingPolicies.JoinIdleQueue)]
    [InlineData(BalancingPolicies.PowerOfTwoChoices)]
    [InlineData(BalancingPolicies.Random)]
    [InlineData(BalancingPolicies.RoundRobin)]
    [InlineData(BalancingPolicies.ShortestQueue)]
    [InlineData(BalancingPolicies.WeightedLeastConnection)]
    [InlineData(BalancingPolicies.WeightedRoundRobin)]
    public void A_server_that_only_fails_is_ejected_and_then_gets_one_trial_request(string algorithm)
    {
        var gateway = Gateway(algorithm, servers: 3);
        gateway[1].OnSubmit = batch => new(gateway[1].FailAll(batch));
        Send(gateway, 200);
        Assert.Equal(1, gateway.Dispatcher.Counters.Ejections);
        Assert.Equal(5, gateway[1].Received.Count);

        gateway.Advance(EjectionMs * 1.1);
        Send(gateway, 200);
        Assert.Equal(6, gateway[1].Received.Count);

        gateway[1].OnSubmit = null;
        gateway.Advance(2 * EjectionMs * 1.1);
        Send(gateway, 200);
        gateway.Advance(1000); // The server warms up.
        Send(gateway, 200);
        Assert.True(gateway[1].Received.Count > 7, $"{gateway[1].Received.Count} requests after the server was repaired");
    }

    [Fact]
    public void An_ejected_server_is_not_chosen_while_another_is_available()
    {
        var bad = Gen.Choose(0, 3).ArrayOf(20).Zip(Gen.Elements(BalancingPolicies.Names.ToArray()));
        var property = Prop.ForAll(bad.ToArbitrary(), sample =>
        {
            var (failing, algorithm) = sample;
            var gateway = Gateway(algorithm, servers: 4);
            foreach (var server in gateway.Servers)
                server.OnSubmit = batch => new(failing.Contains(int.Parse(server.Id)) ? server.FailAll(batch) : server.AnswerAll(batch));

            Send(gateway, 100);

            // At most one of four is ejected, and it got no more requests than the five failures that eject it.
            Assert.True(gateway.Dispatcher.Counters.Ejections <= 1);
            if (gateway.Dispatcher.Counters.Ejections == 1)
                Assert.Contains(gateway.Servers, server => server.Received.Count == 5);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), property);
    }

    [Fact]
    public void A_non_idempotent_request_is_not_a_trial()
    {
        var gateway = Gateway(BalancingPolicies.RoundRobin, servers: 2);
        gateway[1].OnSubmit = batch => new(gateway[1].FailAll(batch));
        Send(gateway, 20);
        gateway.Advance(EjectionMs * 1.1);

        for (var i = 0; i < 20; i++)
            gateway.Echo($"once{i}", idempotent: false);

        Assert.Equal(5, gateway[1].Received.Count);
    }

    [Fact]
    public void A_request_that_expired_in_the_queue_does_not_count_as_a_failure()
    {
        var gateway = Gateway(BalancingPolicies.RoundRobin, servers: 2);
        foreach (var server in gateway.Servers)
            server.OnSubmit = _ => new(new BatchReceipt { Done = server.Expirations(0, [.. server.Received.TakeLast(1)]) });

        Send(gateway, 100);

        Assert.Equal(0, gateway.Dispatcher.Counters.Ejections);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_warming_server_holds_no_more_requests_than_its_cap(string algorithm)
    {
        var gateway = Gateway(algorithm, servers: 2);
        foreach (var server in gateway.Servers)
            server.OnSubmit = _ => new(server.AcceptAll());
        var fresh = gateway.AddServer();
        fresh.OnSubmit = _ => new(fresh.AcceptAll());
        gateway.RankAs([.. gateway.Servers.Select(server => server == fresh ? server.Report() with { ReadyForMs = 300 } : server.Report())]);

        Send(gateway, 300, timeoutMs: 60_000);

        Assert.InRange(fresh.Received.Count, 0, SlowStart.Cap(0.61f, 1)); // Each of the 300 requests takes 1 ms, so the server is ready for 600 ms at the end.
    }

    private static DispatcherFixture Gateway(string algorithm, int servers)
    {
        var gateway = new DispatcherFixture(servers, new LoadBalancerSettings { Algorithm = algorithm, StallMs = 600_000 }) { Algorithm = algorithm };
        gateway.Rank();
        return gateway;
    }

    private static void Send(DispatcherFixture gateway, int count, int timeoutMs = 1000)
    {
        for (var i = 0; i < count; i++)
        {
            // Each request has its own client, because consistent hashing binds clients to servers.
            gateway.Send($$"""{"id":"{{gateway.Dispatcher.Counters.Received}}","client_id":{{i}},"operation":"echo","timeout_ms":{{timeoutMs}}}""");
            gateway.Advance(1);
        }
    }
}
