namespace Shortline.Balancing;

/// <summary>
/// Which servers should give waiting requests back, so that others take them. Choosing the shortest queue keeps lines even as long as
/// the fleet stays the same; a server that has just started has no line, while the one whose line made the fleet grow still holds it.
/// </summary>
public static class QueueSharing
{
    /// <summary>A line is long when it is this many times the mean: less is chance, and requests would go to and fro.</summary>
    private const int LongTimesMean = 2;

    /// <summary>How many waiting requests a server keeps.</summary>
    /// <param name="waiting">Requests that wait at the server.</param>
    /// <param name="waitingInAll">Requests that wait at all ready servers.</param>
    /// <param name="ready">Ready servers, at least 1.</param>
    /// <param name="threshold">No line up to this is shared: <c>load_balancer.server_scaling_threshold</c>.</param>
    /// <returns>The mean line, rounded up; or -1 if the server keeps all it has.</returns>
    public static int Keep(int waiting, long waitingInAll, int ready, int threshold)
    {
        var mean = (int)Math.Min(int.MaxValue / LongTimesMean, (waitingInAll + ready - 1) / ready);
        return waiting > threshold && waiting > LongTimesMean * mean ? mean : -1;
    }
}
