using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Servers;

/// <summary>
/// Says when a server reports: at once when its status changes or its queue crosses the scaling threshold, soon after any other change, and
/// otherwise as a heartbeat.
/// </summary>
/// <param name="threshold">The queue length above which the fleet grows.</param>
/// <param name="soon">Least time between two reports of ordinary changes.</param>
/// <param name="pause">
/// Least time before a report of a crossing, so that a queue that swings about the threshold does not report with every batch.
/// </param>
/// <param name="heartbeat">Most time between two reports.</param>
internal sealed class ReportSchedule(int threshold, long soon, long pause, long heartbeat)
{
    private ServerStatus _status;
    private bool _over;
    private long _version;
    private long _at;

    /// <summary>Makes the schedule of the settings, in units of the clock's timestamps.</summary>
    public static ReportSchedule Of(ShortlineSettings settings, TimeProvider time) => new(
        settings.LoadBalancer.ServerScalingThreshold,
        soon: time.TimestampFrequency / 10,
        pause: time.TimestampFrequency / 100,
        heartbeat: (long)(settings.Server.QueueUpdateInterval * time.TimestampFrequency));

    /// <summary>The time of the next report, in the unit of the intervals; in the past if it is due already.</summary>
    /// <param name="status">The server's status now.</param>
    /// <param name="queueLength">Its queue length now.</param>
    /// <param name="version">A number that changes with anything that a report shows.</param>
    public long NextReport(ServerStatus status, int queueLength, long version)
    {
        if (status != _status)
            return long.MinValue;

        if (queueLength > threshold != _over)
            return _at + pause;

        return _at + (version != _version ? Math.Min(soon, heartbeat) : heartbeat);
    }

    /// <summary>Notes that a report was sent.</summary>
    public void Reported(ServerStatus status, int queueLength, long version, long now) =>
        (_status, _over, _version, _at) = (status, queueLength > threshold, version, now);
}
