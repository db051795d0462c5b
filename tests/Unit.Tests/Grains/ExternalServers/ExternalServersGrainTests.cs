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
    private static readonly ShortlineSettings Quick = ControlCluster.Quick with
    {
        LoadBalancer = ControlCluster.Quick.LoadBalancer with { ExternalTimeoutMs = 600 },
        Server = ControlCluster.Quick.Server with { DrainTimeoutMs = 100 },
    };

    /// <summary>For tests that wait until an external server is forgotten, which takes ten timeouts.</summary>
    private static readonly ShortlineSettings Quicker = Quick with { LoadBalancer = Quick.LoadBalancer with { ExternalTimeoutMs = 250 } };

    [Fact]
    public async Task An_external_server_that_reports_is_in_the_ranking_and_the_controller_takes_no_notice()
    {
        await using var cluster = await ControlCluster.Start(Quick);
        await cluster.StartFleet();
        using var external = new FakeExternalServer();

        // A queue over the threshold, which would make the fleet grow if it counted.
        await Ranked(cluster, external.Report() with { QueueLength = 1000 }, server => server is { Status: ServerStatus.Ready, QueueLength: 1000 });
        for (var looks = 0; looks < 10; looks++)
        {
            await cluster.Controller.Handle(new ControllerRequest { Version = 1, Servers = (await cluster.Balancer.GetRanking()).Servers, Unreachable = ["ext-7"] });
            await Tell(cluster, external.Report() with { QueueLength = 1000 });
        }

        FleetStatus status = null!;
        await Eventually.True(
            async () =>
            {
                await Tell(cluster, external.Report() with { QueueLength = 1000 });
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
    public async Task An_external_server_that_is_ejected_stays_ranked_and_one_that_stops_or_is_forgotten_does_not()
    {
        await using var cluster = await ControlCluster.Start(Quicker);
        await cluster.StartFleet();
        using var external = new FakeExternalServer();
        await Ranked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);
        await Ranked(cluster, null, server => server.Status == ServerStatus.Failed);
        await Ranked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);

        Assert.Equal(["ext-7"], await Tell(cluster, external.Report() with { Status = ExternalStatus.Stopped }));
        await Gone(cluster);
        await Ranked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);
        await Gone(cluster);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_loss_of_its_silo_the_next_report_starts_it_on_another_one(bool crash)
    {
        await using var cluster = await ControlCluster.Start(Quick, silos: 2);
        await cluster.StartFleet();
        using var external = new FakeExternalServer();
        var before = await Ranked(cluster, external.Report(), server => server.Status == ServerStatus.Ready);
        var silo = cluster.Silos.Silos.Single(each => each.SiloAddress.ToString() == before.SiloAddress);
        await (crash ? cluster.Silos.KillSiloAsync(silo) : cluster.Silos.StopSiloAsync(silo));

        var after = await Ranked(cluster, external.Report(), server => server.Status == ServerStatus.Ready && server.SiloAddress != before.SiloAddress);
        Assert.True(after.Incarnation > before.Incarnation, $"{after}\nafter\n{before}");
    }

    [Fact]
    public async Task A_server_of_the_text_protocol_needs_no_reports()
    {
        await using var cluster = await ControlCluster.Start(Quicker, silos: 2);
        await cluster.StartFleet();
        var external = new FakeTextServer();
        await Tell(cluster, external.Report());
        var before = await Ranked(cluster, null, server => server is { Status: ServerStatus.Ready, IsLocateOnly: true, Host: "127.0.0.1" });
        Assert.Equal(external.EndPoint.Port, before.Port);

        var silo = cluster.Silos.Silos.Single(each => each.SiloAddress.ToString() == before.SiloAddress);
        await cluster.Silos.StopSiloAsync(silo);

        // The grain that manages external servers may have been lost with the same silo. Gateways remind the new one.
        await Ranked(cluster, FakeTextServer.Reminder(before.Port), server => server.Status == ServerStatus.Ready && server.SiloAddress != before.SiloAddress);

        external.Dispose();
        await Ranked(cluster, null, server => server.Status == ServerStatus.Failed);
        await Gone(cluster);
        await Eventually.True(
            async () => (await Tell(cluster, FakeTextServer.Reminder(before.Port))).Count == 1, "a reminder says that it is gone");
    }

    [Fact]
    public async Task There_are_no_more_external_servers_than_the_limit()
    {
        await using var cluster = await ControlCluster.Start(Quick with { LoadBalancer = Quick.LoadBalancer with { ExternalTimeoutMs = 60_000 } });
        await cluster.StartFleet();
        using var external = new FakeExternalServer();
        var reports = Enumerable.Range(0, ExternalServerId.Limit).Select(i => external.Report($"{i}")).ToArray();
        Assert.Empty(await Tell(cluster, reports));
        Assert.Equal(["ext-more"], await Tell(cluster, external.Report("more")));
        await Tell(cluster, external.Report("5") with { Status = ExternalStatus.Stopped });
        Assert.Empty(await Tell(cluster, external.Report("more")));
    }

    /// <summary>Waits until the only external server is ranked as expected, and sends the report, if any, before each look.</summary>
    private static async Task<ServerResponse> Ranked(ControlCluster cluster, ExternalReport? report, Func<ServerResponse, bool> condition)
    {
        ServerResponse? server = null;
        await Eventually.True(
            async () =>
            {
                try
                {
                    await Tell(cluster, report is null ? [] : [report]);
                    server = (await cluster.Balancer.GetRanking()).Servers.SingleOrDefault(each => each.IsExternal);
                }
                catch (Exception e) when (e is Orleans.Runtime.OrleansException or TimeoutException)
                {
                    return false; // the cluster has not noticed the loss of the silo yet
                }

                return server is not null && condition(server);
            },
            () => $"the ranking has {server}");
        return server!;
    }

    private static Task Gone(ControlCluster cluster) => Eventually.True(
        async () => !(await cluster.Balancer.GetRanking()).Servers.Any(server => server.IsExternal), "no external server is ranked");

    private static Task<IReadOnlyList<string>> Tell(ControlCluster cluster, params ExternalReport[] reports) =>
        cluster.External.Report(reports);
}
