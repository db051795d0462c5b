using System.Diagnostics;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>
/// One silo with leases that outlast any test, even on a slow machine, and with a controller whose interval is longer than a test.
/// </summary>
public sealed class LongIntervalSilo() : ControlSilos(ControlCluster.ShortIntervals with
{
    Controller = new() { IntervalMs = 60_000 },
    LoadBalancer = ControlCluster.ShortIntervals.LoadBalancer with { RefreshIntervalMs = 60_000 },
});

public sealed class BalancerGrainTests(LongIntervalSilo silos) : IClassFixture<LongIntervalSilo>
{
    /// <summary>See <c>BalancerGrain.PushInterval</c>.</summary>
    private const int PushIntervalMs = 100;

    [Fact]
    public async Task Changes_of_queue_lengths_are_pushed_together_and_changes_of_status_at_once()
    {
        await using var cluster = silos.NewPool();
        await cluster.StartFleet();
        var first = await cluster.Refresh();

        await cluster.Balancer.Report([Report("77", 1)]);
        await Eventually.True(() => cluster.Pushed.Any(r => QueueOf77(r) == 0), "a new server is pushed");
        var (before, begun) = (cluster.Pushed.Count, Stopwatch.GetTimestamp());
        for (var sequence = 2; sequence <= 200; sequence++)
            await cluster.Balancer.Report([Report("77", sequence, queue: sequence % 2)]);
        await cluster.Balancer.Report([Report("77", 201, queue: 4)]);

        await Eventually.True(() => cluster.Pushed.Where(r => QueueOf77(r) is not null).MaxBy(r => r.Version) is { } last && QueueOf77(last) == 4, "the last queue length is pushed");

        // One push per interval, and one that was under way at either end.
        var elapsed = Stopwatch.GetElapsedTime(begun);
        Assert.InRange(cluster.Pushed.Count - before, 1, (int)(elapsed.TotalMilliseconds / PushIntervalMs) + 2);

        // Orleans may deliver pushes in another order than they were sent, so gateways order rankings by version. Each version is pushed
        // once.
        var pushed = cluster.Pushed.OrderBy(r => r.Version).ToList();
        Assert.Equal(pushed.Count, pushed.DistinctBy(r => r.Version).Count());
        var with77 = pushed.FindAll(r => QueueOf77(r) is not null);
        Assert.Equal((0, 4), (QueueOf77(with77[0]), QueueOf77(with77[^1])));
        Assert.All(with77, r => Assert.True(r.Version > first.Version));
    }

    [Fact]
    public async Task Gateways_are_counted_while_they_renew_their_lease()
    {
        await using var cluster = await ControlCluster.Start(ControlCluster.ShortIntervals);
        await cluster.Refresh("b");
        await Eventually.True(
            async () =>
            {
                await cluster.Refresh("b");
                return (await cluster.Refresh("a")).GatewayCount == 2;
            },
            "both gateways are counted");

        await Eventually.True(async () => (await cluster.Refresh("a")).GatewayCount == 1, "gateway b is forgotten after three intervals");
    }

    [Fact]
    public async Task A_server_that_ended_together_with_its_controller_leaves_the_ranking()
    {
        await using var cluster = silos.NewPool();
        await cluster.StartFleet();
        await cluster.Balancer.Register([Report("77", 1)]);
        await cluster.Balancer.Register([Report("77", 2, status: ServerStatus.Stopped)]);
        await Eventually.True(
            async () => (await cluster.Balancer.GetRanking()).Servers.Any(server => server is { Identity: "77", Status: ServerStatus.Stopped }), "the stopped server is ranked");

        // What the balancer reports to the controller at its interval, with a reason to check the fleet.
        await cluster.Controller.Handle(new ControllerRequest { Version = 1, Servers = [Report("77", 2, status: ServerStatus.Stopped)], Unreachable = ["77"] });

        await Eventually.True(async () => (await cluster.Balancer.GetRanking()).Servers.All(server => server.Identity != "77"), "the stopped server is not ranked any more");
    }

    [Fact]
    public async Task A_balancer_with_a_late_clock_continues_from_the_gateways_version()
    {
        await using var cluster = silos.NewPool();
        await cluster.StartFleet();
        var own = (await cluster.Refresh("a")).Version;
        var ahead = own + 3_600_000_000; // The clock of the former balancer was an hour ahead.

        var answer = await cluster.Refresh("b", version: ahead);
        Assert.True(answer.Version > ahead);
        Assert.NotEmpty(answer.Servers);
        await cluster.Balancer.Report([Report("77", 1)]);
        await Eventually.True(() => cluster.Pushed.Any(r => r.Version > answer.Version), "a ranking with a later version is pushed");
    }

    [Fact]
    public async Task The_algorithm_changes_only_to_a_known_one()
    {
        await using var cluster = silos.NewPool();

        Assert.False(await cluster.Balancer.SetAlgorithm("fastest"));
        Assert.Equal("shortest_queue", (await cluster.Refresh()).Algorithm);
        Assert.True(await cluster.Balancer.SetAlgorithm("round_robin"));
        await Eventually.True(() => cluster.Pushed.Any(r => r.Algorithm == "round_robin"), "the new algorithm is pushed");
    }

    private static int? QueueOf77(ServerRanking ranking) => ranking.Servers.FirstOrDefault(server => server.Identity == "77")?.QueueLength;

    internal static ServerResponse Report(
        string id, long sequence, int queue = 0, long incarnation = 1, ServerStatus status = ServerStatus.Ready, int concurrency = 1) => new()
        {
            Identity = id,
            Incarnation = incarnation,
            Sequence = sequence,
            Status = status,
            QueueLength = queue,
            Concurrency = concurrency,
        };
}
