namespace Shortline.Balancing.Overload;

/// <summary>
/// How long requests of one kind usually take: a moving average of their times in service, and of the distance from it. It is the estimator
/// of TCP's round-trip times (V. Jacobson, "Congestion avoidance and control", 1988; RFC 6298).
/// </summary>
/// <remarks>
/// A machine or disk that stands still for seconds makes a few samples that are thousands of times too long, and says nothing about the next
/// requests: if they counted, a server would refuse all that has piled up meanwhile, although it is done in no time. So a sample that is
/// extreme (<see cref="Extreme"/>) counts only together with another one of a request that began after the first had ended.
///
/// Several threads may add samples. Of two that do so at the same moment, one may be lost.
/// </remarks>
public sealed class ServiceTime
{
    private const double MeanWeight = 1.0 / 8;
    private const double DeviationWeight = 1.0 / 4;

    /// <summary>A sample is extreme if it is longer than this many times the mean with its deviation.</summary>
    private const double Extreme = 8;

    /// <summary>An extreme sample is forgotten if so many others follow before a second one.</summary>
    private const int Memory = 64;

    private double _mean = -1;
    private double _deviation;

    // The extreme sample that does not count yet, when its request ended, and how many samples more it is remembered.
    private double _held;
    private long _heldEnd;
    private int _heldFor;

    /// <summary>Whether there was a sample.</summary>
    public bool IsKnown => Volatile.Read(ref _mean) >= 0;

    /// <summary>The average, in the unit of the samples; 0 before the first one.</summary>
    public double Mean => Math.Max(0, Volatile.Read(ref _mean));

    /// <summary>The average distance of the samples from <see cref="Mean"/>; 0 before the first one.</summary>
    public double Deviation => Volatile.Read(ref _deviation);

    /// <summary>Adds the time of a request that has ended now.</summary>
    /// <param name="sample">The time, at least 0.</param>
    /// <param name="now">The current time, in the same unit.</param>
    public void Observe(long sample, long now)
    {
        if (IsKnown && sample > Extreme * (Mean + Deviation))
        {
            if (_heldFor == 0)
            {
                (_held, _heldEnd, _heldFor) = (sample, now, Memory);
                return;
            }

            if (now - sample < _heldEnd)
                return; // it stood still together with the other one

            Observe(_held);
            _heldFor = 0;
        }
        else if (_heldFor > 0)
        {
            _heldFor--;
        }

        Observe(sample);
    }

    /// <summary>Adds a sample, at least 0, that counts however long it is.</summary>
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
