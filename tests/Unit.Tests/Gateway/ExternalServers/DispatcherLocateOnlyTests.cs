using System.Text;
using Shortline.Balancing.Choosing;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.ExternalServers;

public sealed class DispatcherLocateOnlyTests
{
    [Fact]
    public void A_locate_only_server_is_named_to_clients_and_gets_no_requests()
    {
        var gateway = new DispatcherFixture(servers: 2);
        gateway.RankAs(gateway[0].Report() with { QueueLength = 500 }, gateway[1].Report() with { IsExternal = true, IsLocateOnly = true, Host = "127.0.0.1", Port = 6001 });

        for (var i = 0; i < 20; i++)
            gateway.Echo($"{i}");

        Assert.Equal("[\"127.0.0.1\",6001]", Encoding.UTF8.GetString(gateway.Dispatcher.Locate(0)));
        gateway.Send("""{"id":"json","operation":"locate"}""");
        Assert.Equal("rejected", gateway.Transport.Sent.Last().Status);
        Assert.Equal(1, gateway.Dispatcher.ReadyServers);
        Assert.Equal((20, 0), (gateway[0].Received.Count, gateway[1].Received.Count));
    }

    /// <summary>
    /// Whether the probes are known before the first client asks, or only afterwards. Prequal takes a slow server if the others have more
    /// clients than usual.
    /// </summary>
    [Theory]
    [InlineData(BalancingPolicies.WeightedResponseTime, true, 4)]
    [InlineData(BalancingPolicies.WeightedResponseTime, false, 4)]
    [InlineData(BalancingPolicies.PeakEwma, true, 4)]
    [InlineData(BalancingPolicies.PeakEwma, false, 4)]
    [InlineData(BalancingPolicies.Prequal, true, 10)]
    [InlineData(BalancingPolicies.Prequal, false, 10)]
    public void A_server_that_is_slow_to_answer_probes_is_seldom_named(string algorithm, bool knownAtOnce, int most)
    {
        var gateway = new DispatcherFixture(servers: 2) { Algorithm = algorithm };
        if (!knownAtOnce)
        {
            Rank(gateway, 0, 0);
            gateway.Dispatcher.Locate(0);
        }

        var slow = 0;
        for (var round = 0; round < 10; round++)
        {
            gateway.Advance(1000);
            Rank(gateway, 5, 505);
            for (var i = 0; i < 3; i++)
                slow += Encoding.UTF8.GetString(gateway.Dispatcher.Locate(0)).Contains("6001", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(slow, 0, most);
    }

    private static void Rank(DispatcherFixture gateway, params double[] responseTimes) => gateway.RankAs([.. responseTimes.Select((time, i) =>
        gateway[i].Report() with { IsExternal = true, IsLocateOnly = true, ResponseTimeMs = time, Host = "127.0.0.1", Port = 6000 + i })]);
}
