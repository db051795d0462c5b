using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Protocol.ExternalServers;
using Shortline.Unit.Tests.Grains.Fleet;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.ExternalServers;

/// <summary>The grains of external servers, with the balancer and the controller.</summary>
public sealed class ExternalServersGrainTests
{
    private static readonly ShortlineSettings ShortIntervals = ControlCluster.ShortIntervals with
    {
        LoadBalancer = ControlCluster.ShortIntervals.LoadBalancer with { ExternalTimeoutMs = 600 },
        Server = ControlCluster.ShortIntervals.Server with { DrainTimeoutMs = 100 },
    };

    /// <summary>Shorter timeouts for tests that wait until an external server is forgotten, which takes ten of them.</summary>
    private static readonly ShortlineSettings ShortTimeout = ShortIntervals with { LoadBalancer = ShortIntervals.LoadBalancer with { ExternalTimeoutMs = 500 } };

    [Fact]
    public async Task A_reporting_external_server_is_ranked_and_the_controller_does_not_scale_for_it()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals);
        await cluster.StartFleet();
        using var external = new FakeExternalServer();

        // A queue over the threshold, which would make the fleet grow if it counted.
        await WaitUntilRanked(cluster, external.Report() with { QueueLength = 1000 }, server => server is { Status: ServerStatus.Ready, QueueLength: 1000 });
        for (var round = 0; round < 10; round++)
        {
            await cluster.Controller.Handle(new ControllerRequest { Version = 1, Servers = (await cluster.Balancer.GetRanking()).Servers, Unreachable = ["ext-7"] });
            await SendReports(cluster, external.Report() with { QueueLength = 1000 });
        }

        FleetStatus status = null!;
        await Eventually.True(
            async () =>
            {
                await SendReports(cluster, external.Report() with { QueueLength = 1000 });
                status = await cluster.Controller.GetStatus();
                return status.External is [{ Identity: "ext-7", ResponseTimeMs: > 0 }];
            },
            "the controller shows it, with its response time");
        Assert.Equal((1, 1, 1), (status.Desired, status.Wanted, status.Servers.Length));
        Assert.Equal("0", status.Servers[0].Identity);
        Assert.False(await cluster.Controller.DrainServer("ext-7"));
        Assert.False(await cluster.Controller.KillServer("ext-7"));
        Assert.Equal(["0"], await cluster.ServersOf(cluster.Silos.Silos[0].SiloAddress.ToString()));
    }

    [Fact]
    public async Task An_ejected_external_server_stays_ranked_and_a_stopped_or_forgotten_one_is_removed()
    {
        await using var cluster = await ControlCluster.Start(ShortTimeout);
        await cluster.StartFleet();
        using var external = new FakeExternalServer();
        await WaitUntilRanked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);
        await WaitUntilRanked(cluster, null, server => server.Status == ServerStatus.Failed);
        await WaitUntilRanked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);

        Assert.Equal(["ext-7"], await SendReports(cluster, external.Report() with { Status = ExternalStatus.Stopped }));
        await WaitUntilGone(cluster);
        await WaitUntilRanked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);
        await WaitUntilGone(cluster);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_report_restarts_an_external_server_on_another_silo_after_the_loss_of_its_silo(bool crash)
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals, silos: 2);
        await cluster.StartFleet();
        using var external = new FakeExternalServer();
        var before = await WaitUntilRanked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);
        var silo = cluster.Silos.Silos.Single(each => each.SiloAddress.ToString() == before.SiloAddress);
        await (crash ? cluster.Silos.KillSiloAsync(silo) : cluster.Silos.StopSiloAsync(silo));

        var after = await WaitUntilRanked(cluster, external.Report(), server => server.Status == ServerStatus.Ready && server.SiloAddress != before.SiloAddress);
        Assert.True(after.Incarnation > before.Incarnation, $"{after}\nafter\n{before}");
    }

    [Fact]
    public async Task A_server_of_the_text_protocol_needs_no_reports()
    {
        await using var cluster = await ControlCluster.Start(ShortTimeout, silos: 2);
        await cluster.StartFleet();
        var external = new FakeTextServer();
        await SendReports(cluster, external.Report());
        var before = await WaitUntilRanked(cluster, null, server => server is { Status: ServerStatus.Ready, IsLocateOnly: true, Host: "127.0.0.1" });
        Assert.Equal(external.EndPoint.Port, before.Port);

        var silo = cluster.Silos.Silos.Single(each => each.SiloAddress.ToString() == before.SiloAddress);
        await cluster.Silos.StopSiloAsync(silo);

        // The grain that manages external servers may have been lost with the same silo. Gateways remind the new one.
        await WaitUntilRanked(cluster, FakeTextServer.Reminder(before.Port), server => server.Status == ServerStatus.Ready && server.SiloAddress != before.SiloAddress);

        external.Dispose();
        await WaitUntilRanked(cluster, null, server => server.Status == ServerStatus.Failed);
        await WaitUntilGone(cluster);
        await Eventually.True(
            async () => (await SendReports(cluster, FakeTextServer.Reminder(before.Port))).Count == 1, "the answer to a reminder reports that the text server is gone");
    }

    [Fact]
    public async Task External_servers_beyond_the_limit_are_refused()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { LoadBalancer = ShortIntervals.LoadBalancer with { ExternalTimeoutMs = 60_000 } });
        await cluster.StartFleet();
        using var external = new FakeExternalServer();
        var reports = Enumerable.Range(0, ExternalServerId.Limit).Select(i => external.Report($"{i}")).ToArray();
        Assert.Empty(await SendReports(cluster, reports));
        Assert.Equal(["ext-more"], await SendReports(cluster, external.Report("more")));
        await SendReports(cluster, external.Report("5") with { Status = ExternalStatus.Stopped });
        Assert.Empty(await SendReports(cluster, external.Report("more")));
    }

    /// <summary>Waits until the only external server is ranked as expected, and sends the report, if any, before each check.</summary>
    private static async Task<ServerResponse> WaitUntilRanked(ControlCluster cluster, ExternalReport? report, Func<ServerResponse, bool> condition)
    {
        ServerResponse? server = null;
        await Eventually.True(
            async () =>
            {
                try
                {
                    await SendReports(cluster, report is null ? [] : [report]);
                    server = (await cluster.Balancer.GetRanking()).Servers.SingleOrDefault(each => each.IsExternal);
                }
                catch (Exception e) when (e is Orleans.Runtime.OrleansException or TimeoutException)
                {
                    return false; // The cluster has not noticed the loss of the silo yet.
                }

                return server is not null && condition(server);
            },
            () => $"the external server is ranked as expected, the ranking has {server}");
        return server!;
    }

    private static Task WaitUntilGone(ControlCluster cluster) => Eventually.True(
        async () => !(await cluster.Balancer.GetRanking()).Servers.Any(server => server.IsExternal), "no external server is ranked any more");

    private static Task<IReadOnlyList<string>> SendReports(ControlCluster cluster, params ExternalReport[] reports) =>
        cluster.External.Report(reports);
}
