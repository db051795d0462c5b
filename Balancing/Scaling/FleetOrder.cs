namespace Shortline.Balancing;

/// <summary>Which server comes next and which one goes first.</summary>
public static class FleetOrder
{
    /// <summary>The lowest id that is free.</summary>
    /// <param name="startId">The first id: <c>server.start_id</c>.</param>
    /// <param name="taken">Ids in use, whatever their state.</param>
    public static string LowestFreeId(int startId, IReadOnlySet<string> taken)
    {
        for (var id = (long)startId; ; id++)
        {
            var text = id.ToString();
            if (!taken.Contains(text))
                return text;
        }
    }

    /// <summary>
    /// The server to drain: the emptiest; among equals the one with the highest id, so that the fleet keeps its first servers.
    /// </summary>
    /// <returns>Its index in <paramref name="ready"/>, or -1 if that is empty.</returns>
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
        // Longer numbers are larger; ids that are not numbers still have one order everywhere.
        var byLength = b.Id.Length.CompareTo(a.Id.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(b.Id, a.Id);
    }
}
