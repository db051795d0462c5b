using Shortline.Balancing.Scaling;

namespace Shortline.Grains.Fleet;

/// <content>Distributes the servers over the silos as <see cref="FleetSpread"/> decides.</content>
internal sealed partial class ControllerGrain
{
    /// <summary>
    /// Starts the missing servers, then drains surplus ones: first the servers of silos that leave, each after its replacement has started;
    /// then one that is not needed; then servers that move to silos with fewer servers.
    /// </summary>
    /// <param name="target">The number of servers to have on the silos that stay.</param>
    private async Task Spread(int target)
    {
        if (Staying < target)
            await Start(Reserve(target - Staying));

        var ready = _members.Values.Where(member => member.IsReady).ToList();
        var leaving = ready.FindAll(member => _silos.IsLeaving(member.SiloAddress));
        if (leaving.Count > 0)
        {
            await DrainEmptiest(leaving, ready.Count - target);
            return;
        }

        if (ready.Count != Staying)
            return;
        if (ready.Count > target)
        {
            if (_members.Count == ready.Count)
                await DrainOneOfFullest(ready);
        }
        else if (ready.Count == target)
        {
            await EvenOut();
        }
    }

    private async Task DrainEmptiest(List<FleetMember> members, int count)
    {
        for (; count > 0 && members.Count > 0; count--)
        {
            var pick = FleetOrder.Emptiest(members.ConvertAll(member => member.Load));
            await Drain(members[pick]);
            members.RemoveAt(pick);
        }
    }

    private async Task DrainOneOfFullest(List<FleetMember> ready)
    {
        var rooms = _silos.Rooms(_members.Values, NowMs);
        if (FleetSpread.Fullest(rooms) is var fullest and >= 0)
        {
            var most = rooms.Where(room => room.IsOpen && room.Servers == rooms[fullest].Servers).Select(room => room.Address).ToHashSet(StringComparer.Ordinal);
            await DrainEmptiest(ready.FindAll(member => most.Contains(member.SiloAddress)), 1);
        }
    }

    /// <summary>Moves servers to silos with fewer: starts a new one there, then drains one here.</summary>
    private async Task EvenOut()
    {
        var rooms = _silos.Rooms(_members.Values, NowMs);
        var moves = FleetSpread.Moves(rooms, settings.Server.MaxPerSilo);
        foreach (var some in moves.Chunk(AtOnce))
        {
            var members = Reserve([.. some.Select(move => rooms[move.To].Address)]);
            var started = await Start(members);
            foreach (var (move, _) in some.Zip(members).Where(pair => started.Contains(pair.Second)))
                await DrainEmptiest([.. _members.Values.Where(member => member.IsReady && member.SiloAddress == rooms[move.From].Address)], 1);
        }
    }
}
