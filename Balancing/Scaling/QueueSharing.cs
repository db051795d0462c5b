namespace Shortline.Balancing.Scaling;

/// <summary>
/// Determines which servers return waiting requests, so that others can take them. Choosing the shortest queue keeps queues even while the
/// fleet does not change. But a new server has an empty queue, while the server whose queue made the fleet grow still has a long one.
/// </summary>
public static class QueueSharing
{
    /// <summary>
    /// A queue is long if it exceeds the mean by this factor. Smaller differences are random, and requests would move back and forth.
    /// </summary>
    private const int LongFactor = 2;

    /// <summary>Returns how many waiting requests a server keeps.</summary>
    /// <param name="waiting">The number of requests waiting at the server.</param>
    /// <param name="waitingInAll">The number of requests waiting at all ready servers.</param>
    /// <param name="ready">The number of ready servers, at least 1.</param>
    /// <param name="threshold">The maximum queue length that is never shared: <c>load_balancer.server_scaling_threshold</c>.</param>
    /// <returns>The mean queue length, rounded up; or -1 if the server keeps all requests.</returns>
    public static int Keep(int waiting, long waitingInAll, int ready, int threshold)
    {
        var mean = (int)Math.Min(int.MaxValue / LongFactor, (waitingInAll + ready - 1) / ready);
        return waiting > threshold && waiting > LongFactor * mean ? mean : -1;
    }
}
