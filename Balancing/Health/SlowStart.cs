namespace Shortline.Balancing;

/// <summary>
/// Gives a new server its share of work bit by bit, so that its caches and code warm up before it is flooded (Envoy, HAProxy).
/// </summary>
public static class SlowStart
{
    /// <summary>The share of a server that has only just started. Envoy's default: less would hardly warm it.</summary>
    public const float Least = 0.1f;

    /// <summary>
    /// Requests per worker that a server may hold at most just before it is warm; less in proportion to its ramp. Enough to keep it
    /// busy between two answers, and few enough that nobody waits behind many slow first ones.
    /// </summary>
    private const int FullLinePerWorker = 4;

    /// <summary>How far a server has warmed up: <c>max(0.1, ready for / window)</c>, at most 1.</summary>
    /// <param name="readyForMs">Milliseconds since the server started.</param>
    /// <param name="windowMs">Milliseconds that warming up takes; 0 for none.</param>
    public static float Ramp(long readyForMs, int windowMs) =>
        readyForMs >= windowMs ? 1f : Math.Clamp((float)readyForMs / windowMs, Least, 1f);

    /// <summary>
    /// As <see cref="Ramp(long, int)"/>, but 1 if all servers are new: there is then no warm one that could take the rest.
    /// </summary>
    /// <param name="readyForMs">Milliseconds since the server started.</param>
    /// <param name="longestReadyForMs">The same of the server that has been ready longest.</param>
    /// <param name="windowMs">Milliseconds that warming up takes; 0 for none.</param>
    public static float Ramp(long readyForMs, long longestReadyForMs, int windowMs) =>
        longestReadyForMs < windowMs ? 1f : Ramp(readyForMs, windowMs);

    /// <summary>Requests that a server may hold, waiting and in service, while it warms up; at least 1. No bound once it is warm.</summary>
    /// <param name="ramp">How far it has warmed up.</param>
    /// <param name="concurrency">Its workers.</param>
    public static int Cap(float ramp, int concurrency) =>
        ramp >= 1f ? int.MaxValue : Math.Max(1, (int)(ramp * concurrency * FullLinePerWorker));
}
