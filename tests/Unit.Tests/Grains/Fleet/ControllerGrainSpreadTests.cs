using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Silo;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>The distribution of servers over silos that join, leave and are lost.</summary>
public sealed class ControllerGrainSpreadTests
{
    private static readonly ShortlineSettings ShortIntervals = ControlCluster.ShortIntervals;
    private static readonly ShortlineSettings Six = ShortIntervals with { Server = ShortIntervals.Server with { Count = 6, MaxCount = 20 } };

    [Fact]
    public async Task Servers_are_spread_evenly_and_each_silo_has_one()
    {
        await using var six = await ControlCluster.Start(Six, silos: 3);
        await six.StartFleet();
        await WaitUntilSpread(six, 2, 2, 2);

        await using var one = await ControlCluster.Start(ShortIntervals, silos: 3);
        await one.StartFleet();
        await WaitUntilSpread(one, 1, 1, 1);
        Assert.Equal((3, 3), ((await one.Controller.GetStatus()).Minimum, (await one.Controller.GetStatus()).Silos));
        Assert.False(await one.Controller.DrainServer("0")); // The controller would replace it at once.
    }

    [Fact]
    public async Task A_joining_silo_gets_servers_at_once_and_the_fleet_never_has_fewer_than_before()
    {
        // The interval is longer than the test, so the controller acts only when the new silo calls it.
        await using var cluster = await ControlCluster.Start(Six with { Controller = Six.Controller with { IntervalMs = 20_000 } }, silos: 2);
        await cluster.StartFleet();
        await WaitUntilSpread(cluster, 3, 3);
        await cluster.Refresh();

        var joined = await cluster.Silos.StartAdditionalSiloAsync();
        await cluster.Controller.EnsureStarted(joined.SiloAddress.ToString());

        await WaitUntilSpread(cluster, 2, 2, 2);
        Assert.All(cluster.Pushed, ranking => Assert.True(CountReady(ranking) >= 6, $"only {CountReady(ranking)} servers were ready"));
    }

    [Fact]
    public async Task Scaling_up_and_down_keeps_the_spread()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals, silos: 3);
        await cluster.StartFleet();
        await WaitUntilSpread(cluster, 1, 1, 1);
        foreach (var server in (await cluster.Balancer.GetRanking()).Servers)
            await cluster.Occupy(server.Identity, 20, siloAddress: server.SiloAddress);

        await Eventually.True(async () => (await cluster.Controller.GetStatus()).Servers.Length >= 6, "six servers run for 60 waiting requests");
        cluster.Release();
        await WaitUntilSpread(cluster, 1, 1, 1);
        var events = (await cluster.Controller.GetStatus()).Events;
        Assert.DoesNotContain(events, e => e.Text.Contains("is lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Servers_of_a_lost_silo_are_replaced_and_the_others_stay()
    {
        await using var cluster = await ControlCluster.Start(Six, silos: 3);
        await cluster.StartFleet();
        await WaitUntilSpread(cluster, 2, 2, 2);
        var before = (await cluster.Balancer.GetRanking()).Servers;
        var victim = cluster.Silos.Silos[2];

        await cluster.Silos.KillSiloAsync(victim);

        await WaitUntilSpread(cluster, 3, 3);
        var after = (await cluster.Balancer.GetRanking()).Servers.Select(server => server.Incarnation).ToHashSet();
        var kept = before.Where(server => server.SiloAddress != victim.SiloAddress.ToString() && after.Contains(server.Incarnation));
        Assert.True(kept.Count() == 4, $"{kept.Count()} of 4 stayed; events:\n{await cluster.Events()}");
        Assert.All(cluster.Pushed, ranking => Assert.True(CountReady(ranking) >= 4, $"only {CountReady(ranking)} servers were ranked"));
    }

    [Fact]
    public async Task A_silo_lists_its_own_servers_until_they_end()
    {
        await using var cluster = await ControlCluster.Start(Six, silos: 2);
        await cluster.StartFleet();
        await WaitUntilSpread(cluster, 3, 3);
        var servers = (await cluster.Balancer.GetRanking()).Servers;
        var silo = servers[0].SiloAddress;
        var there = servers.Where(server => server.SiloAddress == silo).Select(server => server.Identity).Order().ToList();

        Assert.Equal(there, await cluster.ServersOf(silo));
        Assert.Empty(await cluster.ServersOf(silo, ofPool: "another"));

        await cluster.Controller.KillServer(there[0]);
        await Eventually.True(async () => !(await cluster.ServersOf(silo)).Contains(there[0]), "the silo does not list the killed server any more");
    }

    [Fact]
    public async Task Servers_of_a_leaving_silo_are_replaced_before_they_end()
    {
        await using var cluster = await ControlCluster.Start(Six, silos: 3);
        await cluster.StartFleet();
        await WaitUntilSpread(cluster, 2, 2, 2);
        await cluster.Refresh();
        var leaving = cluster.Silos.Silos[1];
        var busy = (await cluster.Balancer.GetRanking()).Servers.First(server => server.SiloAddress == leaving.SiloAddress.ToString());
        await cluster.Occupy(busy.Identity, 3, siloAddress: busy.SiloAddress);

        var drain = Drain(leaving);
        await Eventually.True(
            async () => (await cluster.Balancer.GetRanking()).Servers.Any(server => server.Identity == busy.Identity && server.Status == ServerStatus.Draining),
            "the busy server drains");
        Assert.False(drain.IsCompleted);
        cluster.Release();
        await Eventually.Completes(drain, "the drain of the silo ends");

        Assert.Equal(0, await cluster.Controller.LeaveSilo(leaving.SiloAddress.ToString()));
        await Eventually.True(() => cluster.Answered == 3, () => $"all 3 requests are answered, {cluster.Answered} were");
        await cluster.Silos.StopSiloAsync(leaving);
        await WaitUntilSpread(cluster, 3, 3);
        Assert.All(cluster.Pushed, ranking => Assert.True(CountReady(ranking) >= 6, $"only {CountReady(ranking)} servers were ready"));
        Assert.DoesNotContain((await cluster.Controller.GetStatus()).Events, e => e.Text.Contains("lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_silo_drains_its_servers_too()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { Count = 3 } });
        await cluster.StartFleet();
        await cluster.Occupy("1", 2);

        var drain = Drain(cluster.Silos.Silos[0]);
        await Eventually.True(
            async () => (await cluster.Controller.GetStatus()).Events.Any(e => e.Text.StartsWith("server 1 drains", StringComparison.Ordinal)), "server 1 drains");
        cluster.Release();
        await Eventually.Completes(drain, "the drain of the silo ends");

        await Eventually.True(() => cluster.Answered == 2, "both requests are answered");
        Assert.Empty((await cluster.Controller.GetStatus()).Servers);

        // Server 1 had a queue to share when no ready server was left to share it with.
        Assert.DoesNotContain(cluster.Log.Lines, line => line.Contains("Checking the fleet failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_leaves_after_the_drain_timeout_even_with_requests_in_service()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { DrainTimeoutMs = 200 } });
        await cluster.StartFleet();
        await cluster.Occupy("0", 1);

        await Eventually.Completes(Drain(cluster.Silos.Silos[0]), "the drain of the silo times out");
    }

    /// <summary>Two activations of the controller may exist for a moment. One may start a server after the other one was told.</summary>
    [Fact]
    public async Task A_silo_that_leaves_drains_servers_unknown_to_the_controller_and_starts_no_more()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals, silos: 2);
        await cluster.StartFleet();
        await WaitUntilSpread(cluster, 1, 1);
        var silo = cluster.Silos.Silos[1];
        var address = silo.SiloAddress.ToString();
        Assert.Equal(ServerStatus.Ready, (await cluster.Server("77", address).Start(0)).Status);

        await Eventually.Completes(Drain(silo), "the silo has no servers left");

        Assert.Empty(await cluster.ServersOf(address));
        Assert.Equal(ServerStatus.Starting, (await cluster.Server("78", address).Start(0)).Status);
    }

    [Fact]
    public async Task A_notice_asks_for_silos_if_they_cannot_host_the_configured_servers()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { Count = 5, MaxPerSilo = 2 } });
        await cluster.StartFleet();

        var status = await cluster.Controller.GetStatus();
        Assert.Equal("5 servers are wanted, 1 silo hosts 2: add a silo", status.Notice);
        Assert.Equal((5, 2), (status.Wanted, status.Servers.Length));
        await cluster.Silos.StartAdditionalSiloAsync();
        await cluster.Silos.StartAdditionalSiloAsync();
        await Eventually.True(
            async () => (await cluster.Controller.GetStatus()) is { Notice: "", Servers.Length: 5 }, "three silos host five servers without a notice");
    }

    private static Task Drain(InProcessSiloHandle silo) =>
        Task.Run(() => ActivatorUtilities.CreateInstance<SiloDrain>(silo.SiloHost.Services).StopAsync(CancellationToken.None));

    private static int CountReady(ServerRanking ranking) => ranking.Servers.Count(server => server.Status == ServerStatus.Ready);

    private static async Task WaitUntilSpread(ControlCluster cluster, params int[] perSilo)
    {
        var seen = "";
        await Eventually.True(
            async () =>
            {
                var ranking = await cluster.Balancer.GetRanking();
                var counts = ranking.Servers.Where(server => server.Status == ServerStatus.Ready).CountBy(server => server.SiloAddress).Select(count => count.Value).Order();
                seen = string.Join(", ", ranking.Servers.Select(server => $"{server.Identity} {server.Status} {server.SiloAddress}"));
                return ranking.Servers.Length == perSilo.Sum() && counts.SequenceEqual(perSilo);
            },
            () => $"the silos have {string.Join('/', perSilo)} ready servers; there are {seen}; events:\n{cluster.Events().Result}");
    }
}
