using Shortline.Protocol;

namespace Shortline.Grains;

/// <summary>What a server has done since it started.</summary>
/// <param name="time">Gives service times their unit.</param>
/// <param name="metrics">Hears of all of it.</param>
internal sealed class ServerTally(TimeProvider time, ServerMetrics metrics)
{
    /// <summary>Weight of the newest sample in the smoothed service time, as in nginx's least_time.</summary>
    private const double Smoothing = 0.05;

    /// <summary>Requests that were accepted and have been answered.</summary>
    public long Completed { get; private set; }

    /// <summary>Of those, how many the handler failed.</summary>
    public long Errors { get; private set; }

    /// <summary>Of those, how many expired.</summary>
    public long Expired { get; private set; }

    /// <summary>Requests that were not accepted, or were given back unexecuted.</summary>
    public long Rejected { get; private set; }

    /// <summary>Smoothed, in milliseconds; 0 before the first.</summary>
    public double ServiceTimeMs { get; private set; }

    /// <summary>Counts an answer.</summary>
    public void Answered(ResponseStatus status)
    {
        if (status == ResponseStatus.Rejected)
            Rejected++;
        else
            Completed++;

        if (status == ResponseStatus.Error)
            Errors++;
        else if (status == ResponseStatus.Expired)
            Expired++;

        metrics.Answered(status);
    }

    /// <summary>Counts the time a handler took.</summary>
    /// <param name="operation">Its operation.</param>
    /// <param name="serviceTime">The time, in timestamp units.</param>
    /// <returns>The time in microseconds.</returns>
    public int Served(Operation operation, long serviceTime)
    {
        var seconds = (double)serviceTime / time.TimestampFrequency;
        var sample = seconds * 1000;
        // A first sample of zero would be taken for "none yet"; it then simply stays the first.
        ServiceTimeMs = ServiceTimeMs == 0 ? sample : ServiceTimeMs + Smoothing * (sample - ServiceTimeMs);
        metrics.Served(operation.Name, seconds);
        return (int)Math.Min(int.MaxValue, seconds * 1_000_000);
    }
}
