using Orleans.Runtime;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>One silo with pools of two servers.</summary>
public sealed class TwoServersSilo() : ControlSilos(ControlCluster.ShortIntervals with { Server = ControlCluster.ShortIntervals.Server with { Count = 2 } });

public sealed class ControllerGrainTests(TwoServersSilo silos) : IClassFixture<TwoServersSilo>
{
    internal static readonly ShortlineSettings ShortIntervals = ControlCluster.ShortIntervals;

    [Fact]
    public async Task A_pool_starts_with_its_servers_ready_and_ranked()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { Count = 3, StartId = 7 } });
        await Task.WhenAll(cluster.StartFleet(), cluster.StartFleet());

        await WaitUntilReady(cluster, "7", "8", "9");
        var status = await cluster.Controller.GetStatus();
        Assert.Equal((3, 3, 8, 1), (status.Desired, status.Minimum, status.Maximum, status.Silos));
    }

    [Fact]
    public async Task The_fleet_grows_under_load_and_shrinks_by_draining_after_it()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals);
        await cluster.StartFleet();
        await cluster.Occupy("0", 40);

        await WaitUntil(cluster, status => status.Servers.Length >= 3, "three servers run for 40 waiting requests");
        cluster.Release();
        await WaitUntil(cluster, status => status is { Desired: 1, Servers.Length: 1 }, "one server runs after the load");

        await Eventually.True(() => cluster.Answered == 40, () => $"all 40 requests are answered, {cluster.Answered} were");
        Assert.Contains((await cluster.Controller.GetStatus()).Events, e => e.Text.Contains("is drained", StringComparison.Ordinal));
        await Eventually.True(async () => (await cluster.Balancer.GetRanking()).Servers.Length == 1, "drained servers leave the ranking");
    }

    [Fact]
    public async Task A_killed_server_is_replaced()
    {
        await using var cluster = silos.NewPool();
        await cluster.StartFleet();
        var before = (await cluster.Server("1").GetStatus()).Incarnation;

        Assert.True(await cluster.Controller.KillServer("1"));
        Assert.False(await cluster.Controller.KillServer("99"));

        await WaitUntil(
            cluster,
            status => status.Servers.Count(s => s.Status == ServerStatus.Ready) == 2 && status.Servers.All(s => s.Incarnation != before),
            "a new activation replaces the killed server");
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_is_replaced()
    {
        await using var cluster = silos.NewPool();
        await cluster.StartFleet();

        await cluster.Server("0").Kill();

        await WaitUntil(cluster, status => status.Events.Any(e => e.Text == "server 0 is gone"), "the controller notices the loss");
        await WaitUntilReady(cluster, "1", "2"); // The former activation of server 0 still exists, so its id is not free yet.
    }

    [Fact]
    public async Task A_server_that_hangs_is_replaced()
    {
        await using var cluster = silos.NewPool();
        await cluster.StartFleet();

        await cluster.Occupy("0", 1, timeLeftMs: 20);

        await WaitUntil(cluster, status => status.Events.Any(e => e.Text.Contains("server 0 hangs", StringComparison.Ordinal)), "the controller notices the hang");
        await WaitUntilReady(cluster, "1", "2");
    }

    [Fact]
    public async Task An_operator_may_add_and_drain_servers()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { MaxCount = 2 } });
        await cluster.StartFleet();

        Assert.False(await cluster.Controller.DrainServer("0")); // Server 0 is the last one.
        Assert.Equal("1", await cluster.Controller.AddServer());
        Assert.Null(await cluster.Controller.AddServer()); // The fleet has max_count servers.
        Assert.Equal(2, (await cluster.Controller.GetStatus()).Minimum);
        Assert.True(await cluster.Controller.DrainServer("0"));

        await WaitUntilReady(cluster, "1");
        var status = await cluster.Controller.GetStatus();
        Assert.Equal((1, 1), (status.Desired, status.Minimum));
    }

    [Theory]
    [InlineData("GetHosts")]
    [InlineData("GetServers")]
    public async Task A_fleet_that_is_not_known_yet_is_not_taken_for_empty(string unanswered)
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { Count = 2 } });
        cluster.Faults.Of(unanswered);
        await cluster.StartController();
        var refresh = cluster.Refresh();
        await Eventually.True(() => cluster.Faults.Failed > 3, "the controller looks a few times");

        var unknown = await cluster.Controller.GetStatus();
        Assert.Equal((false, 0), (unknown.IsComplete, unknown.Servers.Length));
        Assert.Null(await cluster.Controller.AddServer());
        Assert.False(await cluster.Controller.DrainServer("0"));
        Assert.Equal(-1, await cluster.Controller.LeaveSilo(cluster.Silos.Silos[0].SiloAddress.ToString()));
        Assert.False(refresh.IsCompleted, "The balancer published a ranking.");

        cluster.Faults.Of();
        await WaitUntilReady(cluster, "0", "1");
        await Eventually.Completes(refresh, "the balancer publishes a ranking");
    }

    [Fact]
    public async Task A_server_that_does_not_start_does_not_count_for_the_minimum()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { Count = 2 } });
        await cluster.StartFleet();
        cluster.Faults.Of("Start");

        Assert.Null(await cluster.Controller.AddServer());

        var status = await cluster.Controller.GetStatus();
        Assert.Equal((2, 2), (status.Minimum, status.Desired));
        cluster.Faults.Of();
        Assert.NotNull(await cluster.Controller.AddServer());
        Assert.Equal(3, (await cluster.Controller.GetStatus()).Minimum);
    }

    [Fact]
    public async Task More_servers_than_the_silos_can_host_are_wanted_but_not_started()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { MaxPerSilo = 2 } });
        await cluster.StartFleet();
        await cluster.Occupy("0", 100);

        await WaitUntil(cluster, status => status.Wanted > 2 && status.Desired == 2, "more servers are wanted than the silo can host");
        await WaitUntil(cluster, status => status.Events.Any(e => e.Text.Contains("add a silo", StringComparison.Ordinal)), "an event asks for another silo");
        await cluster.Silos.StartAdditionalSiloAsync();
        await WaitUntil(cluster, status => status is { Silos: 2, Maximum: 4, Desired: > 2 }, "servers start on the new silo");
    }

    [Fact]
    public async Task The_fleet_survives_the_loss_of_each_of_its_first_silos()
    {
        await using var cluster = await ControlCluster.Start(ShortIntervals with { Server = ShortIntervals.Server with { Count = 4 } }, silos: 2);
        await cluster.StartFleet();

        for (var round = 0; round < 2; round++)
        {
            await cluster.Silos.StartAdditionalSiloAsync();
            await cluster.StartFleet();
            await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[0]);
            await Eventually.True(() => Reaches(cluster), "a gateway reaches the balancer");

            // The ids depend on which servers were moved to the silo that joined.
            await Eventually.True(
                async () => (await cluster.Balancer.GetRanking()).Servers is { Length: 4 } servers && servers.All(s => s.Status == ServerStatus.Ready),
                () => $"four servers are ready; there are:\n{string.Join('\n', cluster.Balancer.GetRanking().Result.Servers)}\nevents:\n{cluster.Events().Result}");
        }

        Assert.Equal(4, (await cluster.Controller.GetStatus()).Desired);

        // At least two of four servers on three silos survive, and the first ranking of a new balancer must contain them.
        var events = await cluster.Events();
        Assert.All(
            cluster.Pushed,
            ranking => Assert.True(ranking.Servers.Length >= 2, $"a ranking of {ranking.Servers.Length} servers was pushed: {ranking}; events:\n{events}"));
    }

    /// <summary>Calls the balancer as a gateway does. The call fails while the cluster has not noticed the loss of a silo.</summary>
    private static async Task<bool> Reaches(ControlCluster cluster)
    {
        try
        {
            await cluster.Refresh();
            return true;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task WaitUntilReady(ControlCluster cluster, params string[] ids)
    {
        string[] seen = [];
        await Eventually.True(
            async () =>
            {
                var ranking = await cluster.Balancer.GetRanking();
                seen = [.. ranking.Servers.Select(s => $"{s.Identity}{(s.Status == ServerStatus.Ready ? "" : " " + s.Status)}").Order()];
                return seen.SequenceEqual(ids);
            },
            () => $"servers {string.Join(", ", ids)} are ranked and ready; the ranking has {string.Join(", ", seen)}");
    }

    private static async Task WaitUntil(ControlCluster cluster, Func<FleetStatus, bool> condition, string expectation)
    {
        FleetStatus? status = null;
        await Eventually.True(
            async () => condition(status = await cluster.Controller.GetStatus()),
            () => $"{expectation}; desired {status!.Desired}, wanted {status.Wanted}, servers "
                + $"{string.Join(", ", status.Servers.Select(s => $"{s.Identity} {s.Status} {s.QueueLength}+{s.InService}"))}; events:\n"
                + string.Join('\n', status.Events.Select(e => $"{e.At:HH:mm:ss.fff} {e.Text}")));
    }
}
