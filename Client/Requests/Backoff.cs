namespace Shortline.Client.Requests;

/// <summary>
/// The wait before a request is sent again. It doubles with each retry and is random between half and all of that, so that clients which
/// lost their gateway together do not return together ("equal jitter",
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
