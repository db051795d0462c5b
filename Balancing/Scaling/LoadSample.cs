namespace Shortline.Balancing;

/// <summary>
/// Demand up to one moment, as running totals: the difference of two samples over the time between them is the mean in between,
/// however far apart they are.
/// </summary>
/// <param name="TimeMs">The moment.</param>
/// <param name="Arrivals">Requests that have arrived.</param>
/// <param name="Work">The time they keep a server busy, in milliseconds.</param>
/// <param name="Backlog">Waiting requests, times milliseconds.</param>
/// <param name="Need">Not a total: the most servers that were needed since the sample before, by the panic window or the queues.</param>
internal readonly record struct LoadSample(long TimeMs, double Arrivals, double Work, double Backlog, double Need)
{
    /// <summary>Servers' worth of work that arrived between an earlier sample and this one, per unit of time.</summary>
    public double OfferedSince(in LoadSample earlier) => MeanOf(Work - earlier.Work, earlier);

    /// <summary>Mean waiting requests between an earlier sample and this one.</summary>
    public double BacklogSince(in LoadSample earlier) => MeanOf(Backlog - earlier.Backlog, earlier);

    private double MeanOf(double difference, in LoadSample earlier) =>
        TimeMs > earlier.TimeMs ? difference / (TimeMs - earlier.TimeMs) : 0;
}
