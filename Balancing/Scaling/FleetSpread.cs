namespace Shortline.Balancing;

/// <summary>
/// On which silos servers are: evenly, so that the loss of one silo costs as little as possible, and at least one on each, so that none is
/// idle. Only open silos (<see cref="SiloRoom.IsOpen"/>) count; among equals the first one is meant.
/// </summary>
public static class FleetSpread
{
    /// <summary>The number below which a fleet is not shrunk: what is asked for, or one a silo if that is more; as far as it may.</summary>
    /// <param name="asked"><c>server.count</c>, or what a person has asked for since.</param>
    /// <param name="silos">Silos that stay.</param>
    /// <param name="maxCount"><c>server.max_count</c>.</param>
    /// <param name="maxPerSilo"><c>server.max_per_silo</c>.</param>
    public static int Minimum(int asked, int silos, int maxCount, int maxPerSilo) =>
        Math.Clamp(Math.Max(asked, silos), 1, Maximum(silos, maxCount, maxPerSilo));

    /// <summary>The number above which a fleet is not grown; at least 1.</summary>
    /// <param name="silos">Silos that stay.</param>
    /// <param name="maxCount"><c>server.max_count</c>.</param>
    /// <param name="maxPerSilo"><c>server.max_per_silo</c>.</param>
    public static int Maximum(int silos, int maxCount, int maxPerSilo) => (int)Math.Max(1, Math.Min(maxCount, (long)silos * maxPerSilo));

    /// <summary>The silo for the next server: the one with the fewest.</summary>
    /// <returns>Its index, or -1 if no silo has room.</returns>
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

    /// <summary>The silo from which a server goes if one must: the one with the most.</summary>
    /// <returns>Its index, or -1 if no silo has any.</returns>
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
    /// The moves that even out: after them the numbers of any two open silos differ by at most one, and there is no shorter list that does
    /// this. A move is a new server there first, and then one less here.
    /// </summary>
    /// <returns>Pairs of indices: from the silo with too many to the one with too few.</returns>
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

/// <summary>A silo, as the spread of servers sees it.</summary>
/// <param name="Address">Which silo.</param>
/// <param name="Servers">Servers there that are to stay; without those that drain.</param>
/// <param name="IsOpen">Whether it may get servers: it does not leave, and it answers.</param>
public readonly record struct SiloRoom(string Address, int Servers, bool IsOpen);
