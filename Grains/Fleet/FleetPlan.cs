using Shortline.Balancing.Scaling;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Fleet;

/// <summary>Computes what to do next for a fleet: pure decisions on its present state, which <see cref="FleetReconciler"/> carries out.</summary>
internal sealed class FleetPlan(FleetState fleet, ShortlineSettings settings)
{
    /// <summary>What is to happen to a server, by its status.</summary>
    public Verdict Judge(FleetMember member) => member.Report?.Status switch
    {
        ServerStatus.Ready or ServerStatus.Draining when member.DrainUntilMs < fleet.NowMs => Verdict.KillOverdue,
        ServerStatus.Ready when member.IsDraining => Verdict.Drain,
        ServerStatus.Ready => Verdict.Keep,

        // Its silo is stopping, or another activation of the controller drains it.
        ServerStatus.Draining => Verdict.KeepDraining,
        ServerStatus.Stopped when !member.IsDraining => Verdict.Gone,

        // Its activation ended when it had nothing left, and the question has made a new one that is not started.
        ServerStatus.Stopped or ServerStatus.Starting when member.IsDraining => Verdict.Drained,
        ServerStatus.Failed => Verdict.Replace,
        _ => Verdict.Lost,
    };

    /// <summary>Decides the size of the fleet by its queues.</summary>
    /// <param name="loads">The loads of the servers that are ready.</param>
    public (ScalingDecision Decision, ScalingState State) Scale(IReadOnlyList<ServerLoad> loads)
    {
        var isSettled = loads.Count == fleet.Members.Count && loads.Count == fleet.Scaling.Desired;
        return ScalingPolicy.Decide(fleet.Scaling, fleet.NowMs, loads, isSettled, new ScalingSettings(
            fleet.Minimum,
            fleet.Maximum,
            settings.LoadBalancer.ServerScalingThreshold,
            settings.Controller.StableWindowMs,
            settings.Controller.PanicWindowMs));
    }

    /// <summary>The number of servers to have on the silos that stay.</summary>
    public int Target => Math.Min(fleet.Decision.Desired, fleet.Silos.Staying * settings.Server.MaxPerSilo);

    /// <summary>The number of servers to start.</summary>
    public int Missing => Math.Max(0, Target - fleet.Staying);

    /// <summary>
    /// The servers to drain: first those of silos that leave, each after its replacement has started; then one that is not needed.
    /// </summary>
    public IReadOnlyList<FleetMember> Surplus()
    {
        var ready = fleet.Ready();
        var leaving = ready.FindAll(member => fleet.Silos.IsLeaving(member.SiloAddress));
        if (leaving.Count > 0)
            return Emptiest(leaving, ready.Count - Target);
        return ready.Count == fleet.Staying && ready.Count > Target && ready.Count == fleet.Members.Count ? OneOfFullestSilo(ready) : [];
    }

    /// <summary>
    /// The servers that move to silos with fewer, as pairs of silos: for each, a new one is started there, then one is drained here. Nothing
    /// moves while servers are missing or too many.
    /// </summary>
    public IReadOnlyList<(string From, string To)> SiloMoves()
    {
        var ready = fleet.Ready();
        if (ready.Count != fleet.Staying || ready.Count != Target || ready.Exists(member => fleet.Silos.IsLeaving(member.SiloAddress)))
            return [];
        var rooms = fleet.Silos.Rooms(fleet.Members, fleet.NowMs);
        return [.. FleetSpread.Moves(rooms, settings.Server.MaxPerSilo).Select(move => (rooms[move.From].Address, rooms[move.To].Address))];
    }

    /// <summary>The server with the fewest requests on a silo.</summary>
    public IReadOnlyList<FleetMember> EmptiestOn(string silo) => Emptiest(fleet.Ready().FindAll(member => member.SiloAddress == silo), 1);

    /// <summary>The number of waiting requests that a server with a long queue keeps, so that servers with short queues get the rest; negative if all.</summary>
    /// <param name="load">The server's load.</param>
    /// <param name="waiting">The requests that wait at all servers.</param>
    public int Keep(ServerLoad load, long waiting)
    {
        var ready = fleet.ReadyCount;
        return ready == 0 ? -1 : QueueSharing.Keep(load.Waiting, waiting, ready, settings.LoadBalancer.ServerScalingThreshold);
    }

    /// <summary>Says that more servers are wanted than there may be; empty if that is not so.</summary>
    public string Shortage()
    {
        var (wanted, most, silos) = (fleet.Wanted, fleet.Maximum, fleet.Silos.Staying);
        if (wanted <= most || fleet.Decision.Desired < most)
            return "";
        return silos * settings.Server.MaxPerSilo < settings.Server.MaxCount
            ? $"{wanted} servers are wanted, {FleetSilos.Text(silos)} {(silos == 1 ? "hosts" : "host")} {most}: add a silo"
            : $"{wanted} servers are wanted, server.max_count is {most}";
    }

    private List<FleetMember> Emptiest(List<FleetMember> members, int count)
    {
        List<FleetMember> picked = [];
        for (; count > 0 && members.Count > 0; count--)
        {
            var pick = FleetOrder.Emptiest(members.ConvertAll(member => member.LoadAt(fleet.NowMs)));
            picked.Add(members[pick]);
            members.RemoveAt(pick);
        }

        return picked;
    }

    private List<FleetMember> OneOfFullestSilo(List<FleetMember> ready)
    {
        var rooms = fleet.Silos.Rooms(fleet.Members, fleet.NowMs);
        var fullest = FleetSpread.Fullest(rooms);
        if (fullest < 0)
            return [];
        var most = rooms.Where(room => room.IsOpen && room.Servers == rooms[fullest].Servers).Select(room => room.Address).ToHashSet(StringComparer.Ordinal);
        return Emptiest(ready.FindAll(member => most.Contains(member.SiloAddress)), 1);
    }
}

/// <summary>What is to happen to a server of a fleet.</summary>
internal enum Verdict
{
    /// <summary>Nothing: it works.</summary>
    Keep,

    /// <summary>Nothing: it drains.</summary>
    KeepDraining,

    /// <summary>It is asked to drain once more, because it has not heard it.</summary>
    Drain,

    /// <summary>It has drained and leaves the fleet.</summary>
    Drained,

    /// <summary>It has stopped by itself.</summary>
    Gone,

    /// <summary>It does not answer.</summary>
    Lost,

    /// <summary>It hangs and is killed; another one takes its place.</summary>
    Replace,

    /// <summary>It did not drain in time and is killed.</summary>
    KillOverdue,
}
