using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Unit.Tests.Grains.Fleet;

public sealed class FleetStateTests
{
    private readonly PlannedFleet _fleet = new(silos: 2, desired: 2);

    [Fact]
    public void A_ready_server_that_nobody_knows_is_adopted_and_raises_the_size()
    {
        for (var id = 1; id <= 3; id++)
            _fleet.Report($"{id}", silo: 0);
        Assert.Equal(["1", "2", "3"], _fleet.State.Members.Select(member => member.Id).Order());
        Assert.Equal(3, _fleet.State.Scaling.Desired);
    }

    [Fact]
    public void A_server_whose_start_was_answered_too_late_is_noted_as_started()
    {
        _fleet.State.IsKnown = true;
        var member = Assert.Single(_fleet.State.Reserve(1));
        _fleet.State.Drop(member);
        _fleet.State.AddStray(member);
        _fleet.Report(member.Id, silo: 1);
        Assert.Contains($"server {member.Id} is started on ", Assert.Single(_fleet.Events.ToImmutable()).Text, StringComparison.Ordinal);
        Assert.Single(_fleet.State.Members);
    }

    [Fact]
    public void A_late_report_does_not_bring_back_a_server_that_has_ended()
    {
        var member = _fleet.Report("1", silo: 0, incarnation: 5);
        _fleet.State.Leave(member);
        _fleet.Report("1", silo: 0, incarnation: 5);
        Assert.Empty(_fleet.State.Members);
        Assert.Equal(["1"], _fleet.State.Strays.Select(stray => stray.Id));

        _fleet.Report("1", silo: 0, incarnation: 6);
        Assert.Single(_fleet.State.Members);
    }

    [Fact]
    public void Of_two_servers_with_one_id_the_later_one_stays()
    {
        _fleet.Report("1", silo: 0, incarnation: 5);
        var later = _fleet.Report("1", silo: 1, incarnation: 6);
        _fleet.Report("1", silo: 0, incarnation: 5);
        Assert.Equal([later], _fleet.State.Members);
        Assert.Equal([PlannedFleet.Silo(0)], _fleet.State.Strays.Select(stray => stray.SiloAddress));
        Assert.False(_fleet.State.IsStrayNoMore(_fleet.State.Strays.Single()));
        _fleet.UseSilos(0);
        Assert.True(_fleet.State.IsStrayNoMore(_fleet.State.Strays.Single()));
    }

    [Fact]
    public void A_server_that_ended_with_its_controller_is_told_to_the_balancer_once()
    {
        _fleet.Report("1", silo: 0, ServerStatus.Stopped);
        _fleet.Report("1", silo: 0, ServerStatus.Stopped);
        Assert.Equal([new EndedServer("1", 1)], _fleet.State.TakeUntoldEnds());
        Assert.Empty(_fleet.State.TakeUntoldEnds());
    }

    [Fact]
    public void Ids_are_the_lowest_free_ones()
    {
        _fleet.Report("2", silo: 0);
        Assert.Equal(["1", "3", "4"], _fleet.State.Reserve(3).Select(member => member.Id));
    }

    [Fact]
    public void An_id_is_not_used_again_on_a_silo_where_its_server_lingers()
    {
        var fleet = new PlannedFleet(silos: 1);
        fleet.State.Leave(fleet.Report("1", silo: 0));
        var next = Assert.Single(fleet.State.Reserve(1));
        Assert.Equal("2", next.Id);
        fleet.State.Drop(next);

        fleet.Advance(60_000);
        Assert.Equal("1", Assert.Single(fleet.State.Reserve(1)).Id);
    }

    [Fact]
    public void Ends_that_could_not_be_told_are_told_again()
    {
        _fleet.State.Leave(_fleet.Report("1", silo: 0));
        var ends = _fleet.State.TakeUntoldEnds();
        _fleet.State.ReturnUntoldEnds(ends);
        Assert.Equal(ends, _fleet.State.TakeUntoldEnds());
    }
}
