using Shortline.Grains.Handlers;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>Counts what a server has done since it started.</summary>
/// <param name="time">The clock that service times are measured with.</param>
/// <param name="metrics">The silo's metrics, which count the same.</param>
internal sealed class ServerTally(TimeProvider time, ServerMetrics metrics)
{
    /// <summary>Weight of the newest sample in the smoothed service time, as in nginx's least_time.</summary>
    private const double Smoothing = 0.05;

    private long _presentSince;

    /// <summary>Grows with every change that a report would show.</summary>
    public long Changes { get; private set; }

    /// <summary>Requests that were accepted and have been answered.</summary>
    public long Completed { get; private set; }

    /// <summary>Completed requests whose handler failed.</summary>
    public long Errors { get; private set; }

    /// <summary>Completed requests that expired.</summary>
    public long Expired { get; private set; }

    /// <summary>Requests that were not accepted, or were given back unexecuted.</summary>
    public long Rejected { get; private set; }

    /// <summary>Requests refused because there was too much work; see <see cref="GrainInterfaces.Servers.ServerResponse.Refused"/>.</summary>
    public long Refused { get; private set; }

    /// <summary>Smoothed time in service, in milliseconds; 0 before the first request.</summary>
    public double ServiceTimeMs { get; private set; }

    /// <summary>The time that requests have spent here, of all together, in timestamp units, up to the last <see cref="Advance"/>.</summary>
    public double Presence { get; private set; }

    /// <summary>Notes that something has changed that reports show.</summary>
    public void Changed() => Changes++;

    /// <summary>Counts the presence of the requests that have been here since the last call. Called before their number changes.</summary>
    /// <param name="requests">Their number.</param>
    /// <param name="now">The current timestamp.</param>
    public void Advance(int requests, long now)
    {
        Presence += requests * (double)Math.Max(0, now - _presentSince);
        _presentSince = Math.Max(now, _presentSince);
    }

    /// <summary>Counts a request that is refused because there is too much work.</summary>
    /// <param name="isRetried">Whether another server has had it, where it may have been counted.</param>
    public void Refuse(bool isRetried) => Refused += isRetried ? 0 : 1;

    /// <summary>Counts an answer.</summary>
    public void Answered(ResponseStatus status)
    {
        Changes++;
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

    /// <summary>Counts the time that a handler took which ran within a turn, so that its request was never present between two turns.</summary>
    /// <returns>The time in microseconds.</returns>
    public int ServedInline(Operation operation, long serviceTime)
    {
        Presence += serviceTime;
        return Served(operation, serviceTime);
    }

    /// <summary>Counts the time that a handler took.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="serviceTime">The time, in timestamp units.</param>
    /// <returns>The time in microseconds.</returns>
    public int Served(Operation operation, long serviceTime)
    {
        operation.ServiceTime.Observe(serviceTime, time.GetTimestamp());
        var seconds = (double)serviceTime / time.TimestampFrequency;
        var sample = seconds * 1000;
        // A first sample of exactly 0 looks like "no sample yet": the next one simply takes its place.
        ServiceTimeMs = ServiceTimeMs == 0 ? sample : ServiceTimeMs + Smoothing * (sample - ServiceTimeMs);
        metrics.Served(operation.Name, seconds);
        return (int)Math.Min(int.MaxValue, seconds * 1_000_000);
    }
}
