namespace Shortline.Balancing.Health;

/// <summary>
/// Increases the share of a new server gradually, so that its caches and code warm up first (as in Envoy and HAProxy).
/// </summary>
public static class SlowStart
{
    /// <summary>The ramp of a server that has just started, as in Envoy. A smaller share would hardly warm it up.</summary>
    public const float Least = 0.1f;

    /// <summary>
    /// The maximum number of requests per worker just before the server is warm; less in proportion to its ramp. They keep the server busy
    /// between two answers, and few requests wait behind slow first ones.
    /// </summary>
    private const int MaxPerWorker = 4;

    /// <summary>Returns the ramp, which tells how far a server has warmed up: <c>max(0.1, ready for / window)</c>, at most 1.</summary>
    /// <param name="readyForMs">Milliseconds since the server started.</param>
    /// <param name="windowMs">The duration of warming up in milliseconds; 0 disables it.</param>
    public static float Ramp(long readyForMs, int windowMs) =>
        readyForMs >= windowMs ? 1f : Math.Clamp((float)readyForMs / windowMs, Least, 1f);

    /// <summary>
    /// As <see cref="Ramp(long, int)"/>, but 1 if all servers are new, because no warm server could take the rest.
    /// </summary>
    /// <param name="readyForMs">Milliseconds since the server started.</param>
    /// <param name="longestReadyForMs">Milliseconds since the oldest server started.</param>
    /// <param name="windowMs">The duration of warming up in milliseconds; 0 disables it.</param>
    public static float Ramp(long readyForMs, long longestReadyForMs, int windowMs) =>
        longestReadyForMs < windowMs ? 1f : Ramp(readyForMs, windowMs);

    /// <summary>
    /// Returns the maximum number of requests, waiting and in service, of a server that warms up; at least 1. A warm server has no limit.
    /// </summary>
    /// <param name="ramp">The ramp of the server.</param>
    /// <param name="concurrency">The number of its workers.</param>
    public static int Cap(float ramp, int concurrency) =>
        ramp >= 1f ? int.MaxValue : Math.Max(1, (int)(ramp * concurrency * MaxPerWorker));
}
