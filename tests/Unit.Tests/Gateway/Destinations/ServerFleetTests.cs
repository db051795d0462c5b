using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shortline.Balancing.Choosing;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Fleet;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.Destinations;

/// <summary>Rankings travel as changes: a gateway that has all of them knows what one with the whole ranking knows.</summary>
public sealed class ServerFleetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<Destination> _lost = [];
    private readonly List<Destination> _added = [];

    [Fact]
    public void Changes_of_the_present_version_are_applied()
    {
        var fleet = Fleet();
        Apply(fleet, Whole(1, Report("0"), Report("1")));
        Apply(fleet, Changes(1, 2, [Report("2")], new EndedServer("0", 1)));
        Assert.Equal(("1 2", 2), (Known(fleet), fleet.Choice.ReadyCount));
        Assert.Equal(["0"], _lost.Select(server => server.Id));
        Assert.Equal(["0", "1", "2"], _added.Select(server => server.Id));
    }

    [Fact]
    public void Changes_wait_for_those_before_them()
    {
        var fleet = Fleet();
        Apply(fleet, Changes(1, 2, [Report("2")]));
        Apply(fleet, Changes(3, 4, [Report("4")]));
        Apply(fleet, Changes(2, 3, [Report("3")]));
        Assert.Equal(("", 0), (Known(fleet), fleet.Version));
        Apply(fleet, Whole(1, Report("1")));
        Assert.Equal(("1 2 3 4", 4), (Known(fleet), fleet.Version));
    }

    [Fact]
    public void Changes_that_are_lost_are_replaced_by_the_next_whole_ranking()
    {
        var fleet = Fleet();
        Apply(fleet, Whole(1, Report("0")));
        Apply(fleet, Changes(2, 3, [Report("1")]));
        Assert.Equal(("0", 1), (Known(fleet), fleet.Version));
        Apply(fleet, Whole(3, Report("5")));
        Apply(fleet, Changes(1, 2, [Report("9")]));
        Apply(fleet, Changes(2, 3, [Report("9")]));
        Assert.Equal(("5", 3), (Known(fleet), fleet.Version));
    }

    [Fact]
    public void A_later_incarnation_does_not_end_with_an_earlier_one()
    {
        var fleet = Fleet();
        Apply(fleet, Whole(1, Report("0") with { Incarnation = 5 }));
        Apply(fleet, Changes(1, 2, [], new EndedServer("0", 4)));
        Assert.Equal(("0", 1), (Known(fleet), fleet.Choice.ReadyCount));
    }

    [Fact]
    public void A_server_that_moves_is_another_one()
    {
        var fleet = Fleet();
        Apply(fleet, Whole(1, Report("0", silo: "a")));
        Apply(fleet, Changes(1, 2, [Report("0", silo: "b") with { Incarnation = 2 }], new EndedServer("0", 1)));
        Assert.Equal(("b", 1), (Assert.Single(fleet.All, server => !server.Retired).SiloAddress, fleet.Choice.ReadyCount));
        Assert.Equal("a", Assert.Single(_lost).SiloAddress);
    }

    /// <summary>Random reports and ends go through the balancer's registry, to one gateway as changes and to another as a whole.</summary>
    [Fact]
    public void A_gateway_with_all_changes_knows_what_one_with_the_whole_ranking_knows()
    {
        var step = Gen.Choose(0, 9).Zip(Gen.Choose(0, 5)).Zip(Gen.Choose(0, 3));
        Prop.ForAll(step.ArrayOf(60).ToArbitrary(), steps =>
        {
            var registry = new ServerRegistry(_time);
            var (byChanges, byWhole) = (Fleet(), Fleet());
            Apply(byChanges, Whole(1));
            List<ServerRanking> pushes = [];
            long version = 1;
            var sequence = 0L;
            foreach (var ((id, what), value) in steps)
            {
                sequence++;
                var report = Report($"{id}") with { Incarnation = 1 + value, Sequence = sequence, QueueLength = value };
                if (what == 0)
                    registry.Remove(new EndedServer($"{id}", 1 + value));
                else
                    registry.Apply(report with { Status = what == 1 ? ServerStatus.Draining : ServerStatus.Ready });

                // Several steps are pushed together.
                if (what < 4)
                    continue;
                var (changed, left) = registry.TakeChanges();
                pushes.Add(Changes(version, version + 1, changed, [.. left]));
                version++;
            }

            var (last, gone) = registry.TakeChanges();
            pushes.Add(Changes(version, version + 1, last, [.. gone]));

            // Neighbours may change places on the way.
            for (var i = 0; i + 1 < pushes.Count; i += 2)
                (pushes[i], pushes[i + 1]) = (pushes[i + 1], pushes[i]);
            foreach (var push in pushes)
                Apply(byChanges, push);
            Apply(byWhole, Whole(version + 1, [.. registry.Ranked()]));
            return State(byChanges).SequenceEqual(State(byWhole)) && byChanges.Choice.ReadyCount == byWhole.Choice.ReadyCount;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Only_servers_with_requests_or_trouble_are_watched()
    {
        var fleet = Fleet();
        Apply(fleet, Whole(1, Report("0"), Report("1"), Report("2"), Report("3")));
        fleet.PruneWatched();
        Assert.Empty(fleet.Watched);

        var request = new PendingRequest(0);
        fleet.All[0].Add(request, now: 0);
        fleet.All[1].Unreachable = true;
        fleet.All[2].Stalled = true;
        Assert.Equal(["0", "1", "2"], fleet.Watched.Select(server => server.Id));
        fleet.PruneWatched();
        Assert.Equal(3, fleet.Watched.Count);

        fleet.All[0].Remove(request);
        fleet.All[1].Unreachable = false;
        fleet.PruneWatched();
        Assert.Equal(["2"], fleet.Watched.Select(server => server.Id));
        fleet.All[0].Add(request, now: 0);
        Assert.Equal(["2", "0"], fleet.Watched.Select(server => server.Id));
    }

    private ServerFleet Fleet() => new(
        new DispatcherParts
        {
            GatewayId = "test",
            Settings = new LoadBalancerSettings(),
            Time = _time,
            Random = new Random(1),
            GrainOf = (id, silo) => new FakeServer(id, silo),
            Self = () => new GatewayObserver(),
            Log = NullLogger.Instance,
        },
        new Clock(_time));

    private void Apply(ServerFleet fleet, ServerRanking ranking) => fleet.Apply(ranking, _time.GetTimestamp(), _lost, _added);

    private static string Known(ServerFleet fleet) => string.Join(' ', fleet.All.Where(server => !server.Retired).Select(server => server.Id).Order());

    private static IEnumerable<(string, long, int, ServerStatus, bool)> State(ServerFleet fleet) => fleet.All
        .Where(server => !server.Retired)
        .Select(server => (server.Id, server.Queue.Incarnation, server.Queue.Load, server.Status, server.MayServe))
        .Order();

    private static ServerRanking Whole(long version, params ServerResponse[] servers) => Changes(0, version, [.. servers]);

    private static ServerRanking Changes(long since, long version, ImmutableArray<ServerResponse> servers, params EndedServer[] ended) => new()
    {
        Version = version,
        Since = since,
        Servers = servers,
        Ended = [.. ended],
        GatewayCount = 1,
        Algorithm = BalancingPolicies.ShortestQueue,
    };

    private static ServerResponse Report(string id, string silo = "") =>
        new() { Identity = id, Incarnation = 1, Sequence = 1, Status = ServerStatus.Ready, SiloAddress = silo };
}
