using Shortline.GrainInterfaces;
using Shortline.Hosting;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Control;

public sealed class BalancerTests
{
    /// <summary>A lease that outlives any test, however slow the machine, and a controller that looks once and then stays away.</summary>
    private static readonly ShortlineSettings LongLease = ControlCluster.Quick with
    {
        Controller = new() { IntervalMs = 60_000 },
        LoadBalancer = ControlCluster.Quick.LoadBalancer with { RefreshIntervalMs = 60_000 },
    };

    [Fact]
    public async Task Queue_lengths_are_pushed_together_and_statuses_at_once()
    {
        await using var cluster = await ControlCluster.Start(LongLease);
        await cluster.StartFleet();
        var first = await cluster.Refresh();

        await cluster.Balancer.Report(Report("77", 1));
        await Eventually.True(() => cluster.Pushed.Any(r => QueueOf77(r) == 0), "a new server is pushed");
        var before = cluster.Pushed.Count;
        for (var sequence = 2; sequence <= 200; sequence++)
            await cluster.Balancer.Report(Report("77", sequence, queue: sequence % 2));
        await cluster.Balancer.Report(Report("77", 201, queue: 4));

        await Eventually.True(() => QueueOf77(cluster.Pushed.Last()) == 4, "the last queue length is pushed");
        // 200 reports take well under a second here; were each pushed there would be 200.
        Assert.InRange(cluster.Pushed.Count - before, 1, 50);
        var versions = cluster.Pushed.Select(r => r.Version).ToList();
        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.True(versions[0] > first.Version);
    }

    [Fact]
    public async Task Gateways_are_counted_while_they_renew_their_lease()
    {
        await using var cluster = await ControlCluster.Start(ControlCluster.Quick);
        await cluster.Refresh("b");
        await Eventually.True(
            async () =>
            {
                await cluster.Refresh("b");
                return (await cluster.Refresh("a")).GatewayCount == 2;
            },
            "both are counted");

        await Eventually.True(async () => (await cluster.Refresh("a")).GatewayCount == 1, "b is forgotten after three intervals");
    }

    [Fact]
    public async Task A_server_that_ended_together_with_its_controller_leaves_the_ranking()
    {
        await using var cluster = await ControlCluster.Start(LongLease);
        await cluster.StartFleet();
        await cluster.Balancer.Register(Report("77", 1));
        await cluster.Balancer.Register(Report("77", 2, status: ServerStatus.Stopped));
        await Eventually.True(
            async () => (await cluster.Balancer.GetRanking()).Servers.Any(server => server is { Identity: "77", Status: ServerStatus.Stopped }), "it is ranked");

        // What the balancer tells on its interval, and a reason to look.
        await cluster.Controller.Handle(new ControllerRequest { Version = 1, Servers = [Report("77", 2, status: ServerStatus.Stopped)], Unreachable = ["77"] });

        await Eventually.True(async () => (await cluster.Balancer.GetRanking()).Servers.All(server => server.Identity != "77"), "it is not ranked any more");
    }

    [Fact]
    public async Task A_balancer_counts_on_from_what_gateways_have_if_its_clock_is_behind()
    {
        await using var cluster = await ControlCluster.Start(LongLease);
        await cluster.StartFleet();
        var own = (await cluster.Refresh("a")).Version;
        var ahead = own + 3_600_000_000; // an hour: the former balancer's clock

        var answer = await cluster.Refresh("b", version: ahead);
        Assert.True(answer.Version > ahead);
        Assert.NotEmpty(answer.Servers);
        await cluster.Balancer.Report(Report("77", 1));
        await Eventually.True(() => cluster.Pushed.Any(r => r.Version > answer.Version), "later rankings are later for all");
    }

    [Fact]
    public async Task The_algorithm_changes_only_to_one_that_exists()
    {
        await using var cluster = await ControlCluster.Start(LongLease);

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
