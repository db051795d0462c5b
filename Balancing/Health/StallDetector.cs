namespace Shortline.Balancing.Health;

/// <summary>Distinguishes a server that hangs from one that is slow: it has work and completes nothing.</summary>
/// <remarks>
/// A gateway sends nothing more to a stalled server until it answers. <see cref="UseAll"/> is the last resort (Envoy's panic threshold,
/// YARP's fallback): if most servers seem bad, the judgement is probably wrong, and the few others would be overloaded.
/// </remarks>
public static class StallDetector
{
    /// <summary>
    /// The limit as a multiple of the usual service time. With exponential service times, one in 150 exceeds it (e⁻⁵). Such a server gets
    /// no requests for a moment, and no request is lost.
    /// </summary>
    private const double UsualServiceTimes = 5;

    /// <summary>Returns the silence in milliseconds after which a server with work is stalled.</summary>
    /// <param name="serviceTimeMs">The usual service time of the server in milliseconds; 0 if unknown.</param>
    /// <param name="stallMs">The minimum silence in milliseconds: <c>load_balancer.stall_ms</c>.</param>
    public static double LimitMs(double serviceTimeMs, int stallMs) => Math.Max(stallMs, UsualServiceTimes * serviceTimeMs);

    /// <summary>Whether a server has work and has completed nothing for too long.</summary>
    /// <param name="inFlight">The number of requests in flight at the server.</param>
    /// <param name="silentForMs">Milliseconds since the server last completed a request, or received one while idle.</param>
    /// <param name="serviceTimeMs">The usual service time of the server in milliseconds; 0 if unknown.</param>
    /// <param name="stallMs">The minimum silence in milliseconds: <c>load_balancer.stall_ms</c>.</param>
    public static bool IsStalled(int inFlight, double silentForMs, double serviceTimeMs, int stallMs) =>
        inFlight > 0 && silentForMs > LimitMs(serviceTimeMs, stallMs);

    /// <summary>Whether fewer than half of the servers are usable, so that all ready ones are used instead.</summary>
    /// <param name="usable">The number of ready servers that are neither stalled nor ejected.</param>
    /// <param name="ready">The number of ready servers.</param>
    public static bool UseAll(int usable, int ready) => 2L * usable < ready;
}
