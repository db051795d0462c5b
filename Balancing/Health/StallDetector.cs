namespace Shortline.Balancing;

/// <summary>Tells a server that hangs from one that is slow, by what its gateway sees: work there, and no answers.</summary>
/// <remarks>
/// The gateway sends nothing more to a stalled server until it answers. <see cref="UseAll"/> is the rule of last resort (Envoy's panic
/// threshold, YARP's fallback): when most servers seem bad, the judgement is more likely wrong than the servers, and the few that
/// remain would drown.
/// </remarks>
public static class StallDetector
{
    /// <summary>
    /// Several times the usual service time. With exponential service times one service in 150 lasts longer (e⁻⁵); such a server is
    /// spared for a moment, no request is lost.
    /// </summary>
    private const double UsualServiceTimes = 5;

    /// <summary>Milliseconds of silence that make a server with work stalled.</summary>
    /// <param name="serviceTimeMs">Its usual service time; 0 if not known yet.</param>
    /// <param name="stallMs">The least silence that counts: <c>load_balancer.stall_ms</c>.</param>
    public static double LimitMs(double serviceTimeMs, int stallMs) => Math.Max(stallMs, UsualServiceTimes * serviceTimeMs);

    /// <summary>Whether a server has work and has completed nothing for too long.</summary>
    /// <param name="inFlight">Requests that the gateway waits for from this server.</param>
    /// <param name="silentForMs">Milliseconds since its last answer, or since it got work if that was later.</param>
    /// <param name="serviceTimeMs">Its usual service time; 0 if not known yet.</param>
    /// <param name="stallMs">The least silence that counts: <c>load_balancer.stall_ms</c>.</param>
    public static bool IsStalled(int inFlight, double silentForMs, double serviceTimeMs, int stallMs) =>
        inFlight > 0 && silentForMs > LimitMs(serviceTimeMs, stallMs);

    /// <summary>Whether so few servers are usable (less than half) that all that are ready are used instead.</summary>
    /// <param name="usable">Ready servers that are not ejected.</param>
    /// <param name="ready">Ready servers.</param>
    public static bool UseAll(int usable, int ready) => 2L * usable < ready;
}
