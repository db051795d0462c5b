namespace Shortline.Balancing;

/// <summary>The bounds and reaction times of a fleet.</summary>
/// <param name="Minimum">Never fewer servers; at least 1.</param>
/// <param name="Maximum">Never more servers: the smaller of what is allowed and what the silos can host.</param>
/// <param name="Threshold">Mean waiting requests per ready server above which the fleet grows: <c>load_balancer.server_scaling_threshold</c>.</param>
/// <param name="StableWindowMs">Milliseconds over which demand is averaged, and during which a server must not have been needed before it is drained.</param>
/// <param name="PanicWindowMs">Milliseconds over which demand is averaged when it rises suddenly.</param>
public sealed record ScalingSettings(int Minimum, int Maximum, int Threshold, int StableWindowMs, int PanicWindowMs);
