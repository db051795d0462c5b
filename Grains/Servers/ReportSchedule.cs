using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>
/// When a server reports: at once when its status changes or its queue crosses the scaling threshold; soon after any other change;
/// and as a heartbeat.
/// </summary>
/// <param name="threshold">The queue length above which the fleet grows.</param>
/// <param name="soon">Least time between reports of mere changes.</param>
/// <param name="pause">Least time before a report of a crossing: a queue that swings about the threshold must not report with every batch.</param>
/// <param name="heartbeat">Most time between reports.</param>
internal sealed class ReportSchedule(int threshold, long soon, long pause, long heartbeat)
{
    private ServerStatus _status;
    private bool _over;
    private long _version;
    private long _at;

    /// <summary>When the next report is due, a timestamp in the unit of the intervals; in the past if it is due already.</summary>
    /// <param name="status">The server's status now.</param>
    /// <param name="queueLength">Its queue length now.</param>
    /// <param name="version">Anything that differs once the server's figures do.</param>
    public long NextReport(ServerStatus status, int queueLength, long version)
    {
        if (status != _status)
            return long.MinValue;

        if (queueLength > threshold != _over)
            return _at + pause;

        return _at + (version != _version ? Math.Min(soon, heartbeat) : heartbeat);
    }

    /// <summary>A report has gone out.</summary>
    public void Reported(ServerStatus status, int queueLength, long version, long now) =>
        (_status, _over, _version, _at) = (status, queueLength > threshold, version, now);
}
