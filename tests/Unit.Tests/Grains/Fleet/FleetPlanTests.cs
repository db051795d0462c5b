using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Fleet;

namespace Shortline.Unit.Tests.Grains.Fleet;

public sealed class FleetPlanTests
{
    [Theory]
    [InlineData(ServerStatus.Ready, false, nameof(Verdict.Keep))]
    [InlineData(ServerStatus.Ready, true, nameof(Verdict.Drain))]
    [InlineData(ServerStatus.Draining, true, nameof(Verdict.KeepDraining))]
    [InlineData(ServerStatus.Draining, false, nameof(Verdict.KeepDraining))]
    [InlineData(ServerStatus.Stopped, true, nameof(Verdict.Drained))]
    [InlineData(ServerStatus.Stopped, false, nameof(Verdict.Gone))]
    [InlineData(ServerStatus.Starting, true, nameof(Verdict.Drained))]
    [InlineData(ServerStatus.Starting, false, nameof(Verdict.Lost))]
    [InlineData(ServerStatus.Failed, false, nameof(Verdict.Replace))]
    public void A_server_is_judged_by_its_status(ServerStatus status, bool isDraining, string expected)
    {
        var fleet = new PlannedFleet(silos: 1);
        var member = fleet.Report("1", silo: 0);
        member.DrainUntilMs = isDraining ? fleet.State.NowMs + 1000 : null;
        fleet.Report("1", silo: 0, status);
        Assert.Equal(expected, fleet.Plan.Judge(member).ToString());
    }

    [Fact]
    public void A_server_that_does_not_drain_in_time_is_killed()
    {
        var fleet = new PlannedFleet(silos: 1);
        var member = fleet.Report("1", silo: 0);
        member.DrainUntilMs = fleet.State.NowMs + 1000;
        fleet.Advance(1001);
        Assert.Equal(Verdict.KillOverdue, fleet.Plan.Judge(member));
    }

    [Fact]
    public void A_server_that_does_not_answer_is_lost()
    {
        var fleet = new PlannedFleet(silos: 1);
        var member = fleet.Report("1", silo: 0);
        member.Forget();
        Assert.Equal(Verdict.Lost, fleet.Plan.Judge(member));
    }

    [Fact]
    public void Requests_that_are_at_a_server_count_as_present_until_it_reports_again()
    {
        var fleet = new PlannedFleet(silos: 1);
        var member = fleet.Report("1", silo: 0, queue: 2);
        var before = member.LoadAt(fleet.State.NowMs).PresenceMs;
        fleet.Advance(700);

        Assert.Equal(1400, member.LoadAt(fleet.State.NowMs).PresenceMs - before);
    }

    [Fact]
    public void Presence_is_unknown_if_the_server_is_of_a_version_that_does_not_report_it()
    {
        var member = new FleetMember("1", PlannedFleet.Silo(0));
        member.TakeAnswer(new ServerResponse { Identity = "1", Incarnation = 1, Sequence = 1, Status = ServerStatus.Ready, Completed = 7 }, nowMs: 0);

        Assert.True(member.LoadAt(nowMs: 1000).PresenceMs < 0);
    }

    [Fact]
    public void Missing_servers_start_on_the_silos_with_the_fewest()
    {
        var fleet = new PlannedFleet(silos: 3, desired: 7);
        fleet.Report("1", silo: 0);
        fleet.Report("2", silo: 0);
        Assert.Equal(5, fleet.Plan.Missing);
        fleet.StartMissing();
        Assert.Equal([2, 2, 3], fleet.State.Members.CountBy(member => member.SiloAddress).Select(silo => silo.Value).Order());
        Assert.Equal(Enumerable.Range(1, 7).Select(id => $"{id}"), fleet.State.Members.Select(member => member.Id).Order());
        Assert.Equal((0, 0, 0), (fleet.Plan.Missing, fleet.Plan.Surplus().Count, fleet.Plan.SiloMoves().Count));
    }

    [Fact]
    public void No_more_servers_start_than_the_silos_host()
    {
        var fleet = new PlannedFleet(silos: 2, desired: 10, maxPerSilo: 3);
        Assert.Equal(6, fleet.Plan.Missing);
        fleet.StartMissing();
        Assert.Equal(6, fleet.State.ReadyCount);
        Assert.Equal(0, fleet.Plan.Missing);
    }

    [Fact]
    public void The_emptiest_server_of_the_fullest_silo_is_drained_first()
    {
        var fleet = new PlannedFleet(silos: 2, desired: 2);
        fleet.Report("1", silo: 0, queue: 5);
        fleet.Report("2", silo: 0, queue: 3);
        fleet.Report("3", silo: 1, queue: 0);
        Assert.Equal(["2"], fleet.Plan.Surplus().Select(member => member.Id));
    }

    [Fact]
    public void Servers_of_a_silo_that_leaves_drain_once_others_have_started()
    {
        var fleet = new PlannedFleet(silos: 2, desired: 2);
        fleet.Report("1", silo: 0);
        fleet.Report("2", silo: 1);
        fleet.State.Silos.Leave(PlannedFleet.Silo(1));
        Assert.Equal((1, 0), (fleet.Plan.Missing, fleet.Plan.Surplus().Count));
        fleet.StartMissing();
        Assert.Equal(["2"], fleet.Plan.Surplus().Select(member => member.Id));
        Assert.Empty(fleet.Plan.SiloMoves());
    }

    [Fact]
    public void Servers_move_to_a_silo_that_joins()
    {
        var fleet = new PlannedFleet(silos: 1, desired: 4);
        fleet.StartMissing();
        fleet.UseSilos(2);
        Assert.Equal([(PlannedFleet.Silo(0), PlannedFleet.Silo(1)), (PlannedFleet.Silo(0), PlannedFleet.Silo(1))], fleet.Plan.SiloMoves());
        Assert.Single(fleet.Plan.EmptiestOn(PlannedFleet.Silo(0)));
        Assert.Empty(fleet.Plan.EmptiestOn(PlannedFleet.Silo(1)));
    }

    [Theory]
    [InlineData(1, 4, 16, 6, "6 servers are wanted, 1 silo hosts 4: add a silo")]
    [InlineData(2, 4, 16, 12, "12 servers are wanted, 2 silos host 8: add a silo")]
    [InlineData(2, 8, 10, 12, "12 servers are wanted, server.max_count is 10")]
    [InlineData(2, 8, 10, 10, "")]
    public void A_shortage_says_what_helps(int silos, int maxPerSilo, int maxCount, int wanted, string expected)
    {
        var fleet = new PlannedFleet(silos, maxPerSilo: maxPerSilo, maxCount: maxCount);
        fleet.Want(fleet.State.Maximum, wanted);
        Assert.Equal(expected, fleet.Plan.Shortage());
    }
}
