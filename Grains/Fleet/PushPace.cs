namespace Shortline.Grains.Fleet;

/// <summary>
/// How often the balancer pushes queue lengths. Every push carries each server whose queue has changed to each gateway, so its cost grows with
/// both numbers. Changes of membership are pushed at once, whatever this says.
/// </summary>
internal static class PushPace
{
    /// <summary>The pause while the fleet is small: every response brings the gateways fresher queue lengths of their own requests.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause. Gateways that wait longer would take the queues of other gateways for empty.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Reports that the balancer writes in a second at most, while the pause is between these. A whole processor writes about 250,000 (<c>bench
    /// simulate roles</c>: 4 µs each).
    /// </summary>
    private const double ReportsPerSecond = 200_000;

    /// <summary>The pause after a push.</summary>
    /// <param name="changed">The servers whose reports it carries.</param>
    /// <param name="gateways">The gateways that get it.</param>
    public static TimeSpan Pause(int changed, int gateways)
    {
        var seconds = (double)changed * gateways / ReportsPerSecond;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Least.TotalSeconds, Most.TotalSeconds));
    }
}
