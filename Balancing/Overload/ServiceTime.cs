namespace Shortline.Balancing.Overload;

/// <summary>
/// How long requests of one kind usually take: a moving average of their times in service, and of the distance from it. It is the estimator
/// of TCP's round-trip times (V. Jacobson, "Congestion avoidance and control", 1988; RFC 6298).
/// </summary>
/// <remarks>Several threads may add samples. Of two that do so at the same moment, one may be lost.</remarks>
public sealed class ServiceTime
{
    private const double MeanWeight = 1.0 / 8;
    private const double DeviationWeight = 1.0 / 4;

    private double _mean = -1;
    private double _deviation;

    /// <summary>Whether there was a sample.</summary>
    public bool IsKnown => Volatile.Read(ref _mean) >= 0;

    /// <summary>The average, in the unit of the samples; 0 before the first one.</summary>
    public double Mean => Math.Max(0, Volatile.Read(ref _mean));

    /// <summary>The average distance of the samples from <see cref="Mean"/>; 0 before the first one.</summary>
    public double Deviation => Volatile.Read(ref _deviation);

    /// <summary>Adds a sample, at least 0.</summary>
    public void Observe(double sample)
    {
        var mean = Volatile.Read(ref _mean);
        if (mean < 0)
        {
            Volatile.Write(ref _deviation, sample / 2);
            Volatile.Write(ref _mean, sample);
            return;
        }

        var deviation = Volatile.Read(ref _deviation);
        Volatile.Write(ref _deviation, deviation + (DeviationWeight * (Math.Abs(sample - mean) - deviation)));
        Volatile.Write(ref _mean, mean + (MeanWeight * (sample - mean)));
    }
}
