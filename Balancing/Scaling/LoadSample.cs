namespace Shortline.Balancing;

/// <summary>
/// Demand up to one moment, as running totals: the difference of two samples over the time between them is the mean in between,
/// however far apart they are.
/// </summary>
/// <param name="TimeMs">The moment.</param>
/// <param name="Arrivals">Requests that have arrived.</param>
/// <param name="Work">The time they keep a server busy, in milliseconds.</param>
/// <param name="Crowding">Waiting requests per ready server, times milliseconds.</param>
/// <param name="Need">Not a total: the largest need of the panic window since the sample before.</param>
internal readonly record struct LoadSample(long TimeMs, double Arrivals, double Work, double Crowding, double Need)
{
    /// <summary>Servers' worth of work that arrived between an earlier sample and this one, per unit of time.</summary>
    public double OfferedSince(in LoadSample earlier) => MeanOf(Work - earlier.Work, earlier);

    /// <summary>Mean waiting requests per ready server between an earlier sample and this one.</summary>
    public double CrowdingSince(in LoadSample earlier) => MeanOf(Crowding - earlier.Crowding, earlier);

    private double MeanOf(double difference, in LoadSample earlier) =>
        TimeMs > earlier.TimeMs ? difference / (TimeMs - earlier.TimeMs) : 0;
}
