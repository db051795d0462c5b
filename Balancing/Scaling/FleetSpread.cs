namespace Shortline.Balancing.Scaling;

/// <summary>
/// Spreads servers over silos: evenly, so that the loss of a silo costs as little as possible, and at least one per silo, so that no silo
/// is idle. Only open silos (<see cref="SiloRoom.IsOpen"/>) count. Among equal silos, the first one is chosen.
/// </summary>
public static class FleetSpread
{
    /// <summary>Returns the minimum number of servers: the requested number, but at least one per silo and at most the maximum.</summary>
    /// <param name="asked"><c>server.count</c>, or the number that an operator has requested since.</param>
    /// <param name="silos">The number of silos that stay.</param>
    /// <param name="maxCount"><c>server.max_count</c>.</param>
    /// <param name="maxPerSilo"><c>server.max_per_silo</c>.</param>
    public static int Minimum(int asked, int silos, int maxCount, int maxPerSilo) =>
        Math.Clamp(Math.Max(asked, silos), 1, Maximum(silos, maxCount, maxPerSilo));

    /// <summary>Returns the maximum number of servers; at least 1.</summary>
    /// <param name="silos">The number of silos that stay.</param>
    /// <param name="maxCount"><c>server.max_count</c>.</param>
    /// <param name="maxPerSilo"><c>server.max_per_silo</c>.</param>
    public static int Maximum(int silos, int maxCount, int maxPerSilo) => (int)Math.Max(1, Math.Min(maxCount, (long)silos * maxPerSilo));

    /// <summary>Returns the silo for the next server: the one with the fewest servers.</summary>
    /// <returns>Its index, or -1 if all silos are full.</returns>
    public static int Next(IReadOnlyList<SiloRoom> silos, int maxPerSilo)
    {
        var best = -1;
        for (var i = 0; i < silos.Count; i++)
        {
            if (silos[i].IsOpen && silos[i].Servers < maxPerSilo && (best < 0 || silos[i].Servers < silos[best].Servers))
                best = i;
        }

        return best;
    }

    /// <summary>Returns the silo from which to remove a server: the one with the most servers.</summary>
    /// <returns>Its index, or -1 if no silo has a server.</returns>
    public static int Fullest(IReadOnlyList<SiloRoom> silos)
    {
        var best = -1;
        for (var i = 0; i < silos.Count; i++)
        {
            if (silos[i].IsOpen && silos[i].Servers > (best < 0 ? 0 : silos[best].Servers))
                best = i;
        }

        return best;
    }

    /// <summary>
    /// Returns the shortest list of moves after which the numbers of servers on any two open silos differ by at most one. A move first adds
    /// a server on one silo and then removes one from the other.
    /// </summary>
    /// <returns>Pairs of indices: the silo to remove from, and the silo to add to.</returns>
    public static IReadOnlyList<(int From, int To)> Moves(IReadOnlyList<SiloRoom> silos, int maxPerSilo)
    {
        List<(int From, int To)> moves = [];
        var after = silos.ToList();
        while (true)
        {
            var (from, to) = (Fullest(after), Next(after, maxPerSilo));
            if (from < 0 || to < 0 || after[from].Servers - after[to].Servers < 2)
                return moves;
            moves.Add((from, to));
            after[from] = after[from] with { Servers = after[from].Servers - 1 };
            after[to] = after[to] with { Servers = after[to].Servers + 1 };
        }
    }
}

/// <summary>The number of servers on a silo.</summary>
/// <param name="Address">The address of the silo.</param>
/// <param name="Servers">The number of servers on the silo, without draining ones.</param>
/// <param name="IsOpen">Whether the silo accepts servers: it responds and is not leaving.</param>
public readonly record struct SiloRoom(string Address, int Servers, bool IsOpen);
