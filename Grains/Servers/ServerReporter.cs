using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.ExternalServers;

namespace Shortline.Grains.Servers;

/// <summary>Reports a server to its balancer when a report is due, and logs changes of its status.</summary>
/// <param name="pool">The server's pool.</param>
/// <param name="id">The server's id.</param>
/// <param name="server">The server.</param>
/// <param name="external">The external server to which the server forwards requests; null if it runs them itself.</param>
/// <param name="destination">The receiver of the reports.</param>
/// <param name="schedule">Says when a report is due.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The server's log.</param>
internal sealed partial class ServerReporter(
    string pool,
    string id,
    Server server,
    ExternalServer? external,
    IServerReports destination,
    ReportSchedule schedule,
    TimeProvider time,
    ILogger logger)
{
    private ServerStatus _loggedStatus;

    /// <summary>Where the server is; part of every report.</summary>
    public required ServerPlace Place { get; set; }

    /// <summary>The timestamp at which the next report is due; in the past if it is due already.</summary>
    public long NextReport => schedule.NextReport(server.Status, server.QueueLength, server.Tally.Changes);

    /// <summary>Makes a report of the server as it is now.</summary>
    public ServerResponse Report()
    {
        var report = server.Report(Place);
        return external is null ? report : external.Describe(report);
    }

    /// <summary>Sends a report if one is due.</summary>
    /// <returns>Whether one was due.</returns>
    public bool ReportIfDue()
    {
        var now = time.GetTimestamp();
        if (now < NextReport)
            return false;

        schedule.Reported(server.Status, server.QueueLength, server.Tally.Changes, now);
        LogStatus();
        _ = Send(Report());
        return true;
    }

    private async Task Send(ServerResponse report)
    {
        try
        {
            await destination.Report(pool, report);
        }
        catch (Exception failure)
        {
            LogNotReported(logger, failure, id);
        }
    }

    private void LogStatus()
    {
        if (server.Status == _loggedStatus)
            return;

        _loggedStatus = server.Status;
        if (_loggedStatus == ServerStatus.Draining)
            LogDraining(logger, id, server.QueueLength, server.InService);
        else if (_loggedStatus == ServerStatus.Stopped)
            LogStopped(logger, id);
        else if (_loggedStatus == ServerStatus.Failed && external is null)
            LogFailed(logger, id, server.InService);
    }
}
