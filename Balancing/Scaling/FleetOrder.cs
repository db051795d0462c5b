namespace Shortline.Balancing.Scaling;

/// <summary>Determines which server is added or drained next.</summary>
public static class FleetOrder
{
    /// <summary>Returns the lowest free id.</summary>
    /// <param name="startId">The first id to consider.</param>
    /// <param name="isTaken">Whether an id is in use, in any state.</param>
    public static long LowestFreeId(long startId, Func<string, bool> isTaken)
    {
        var id = startId;
        while (isTaken($"{id}"))
            id++;
        return id;
    }

    /// <summary>
    /// Returns the server to drain: the one with the fewest requests. Among equals it is the one with the highest id, so that the fleet
    /// keeps its first servers.
    /// </summary>
    /// <returns>Its index in <paramref name="ready"/>, or -1 if there is none.</returns>
    public static int Emptiest(IReadOnlyList<ServerLoad> ready)
    {
        var pick = -1;
        for (var i = 0; i < ready.Count; i++)
        {
            if (pick < 0 || Compare(ready[i], ready[pick]) < 0)
                pick = i;
        }

        return pick;
    }

    private static int Compare(in ServerLoad a, in ServerLoad b)
    {
        var byLoad = ((long)a.Waiting + a.InService).CompareTo((long)b.Waiting + b.InService);
        if (byLoad != 0)
            return byLoad;
        // Longer numbers are larger. Ids that are not numbers have a fixed order too.
        var byLength = b.Id.Length.CompareTo(a.Id.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(b.Id, a.Id);
    }
}
