namespace Shortline.Client;

/// <summary>
/// How long to wait before a request is sent again: twice as long each time, and anything between half of that and all of it, so that
/// clients that were cut off together do not come back together ("equal jitter",
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
/// </summary>
internal static class Backoff
{
    /// <summary>The wait in milliseconds.</summary>
    /// <param name="firstMs">The longest wait before the first retry.</param>
    /// <param name="retries">Retries so far.</param>
    /// <param name="random">0 to 1.</param>
    public static double Milliseconds(int firstMs, int retries, double random) => firstMs * Math.Pow(2, Math.Min(retries, 20)) * (0.5 + (random / 2));
}
