using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.ExternalServers;

namespace Shortline.Grains.Servers;

/// <summary>
/// Makes the reports of one server. Reports of changed queues are requested from <see cref="SiloReports"/>; a change of status is reported
/// at once, and logged.
/// </summary>
/// <param name="pool">The server's pool.</param>
/// <param name="id">The server's id.</param>
/// <param name="server">The server.</param>
/// <param name="external">The external server to which the server forwards requests; null if it runs them itself.</param>
/// <param name="silo">Sends the reports of the silo's servers.</param>
/// <param name="destination">The receiver of the reports.</param>
/// <param name="metrics">The metrics that show the queue.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The server's log.</param>
internal sealed partial class ServerReporter(
    string pool,
    string id,
    Server server,
    ExternalServer? external,
    SiloReports silo,
    IServerReports destination,
    ServerMetrics metrics,
    TimeProvider time,
    ILogger logger)
{
    private readonly ServerLoadGauge _gauge = new(id, metrics);
    private ServerStatus _loggedStatus;
    private bool _reportedOver;
    private long _reportedChanges;
    private bool _isRequested;
    private bool _isUrgent;
    private long _reportedAt = time.GetTimestamp();

    /// <summary>The server's pool.</summary>
    public string Pool => pool;

    /// <summary>The timestamp of the last report.</summary>
    public long ReportedAt => Volatile.Read(ref _reportedAt);

    /// <summary>Where the server is; part of every report.</summary>
    public required ServerPlace Place { get; set; }

    private bool IsOver => server.QueueLength > silo.Threshold;

    /// <summary>Makes a report of the server as it is now.</summary>
    public ServerResponse Report()
    {
        ServerResponse report;
        lock (server.Lock)
            report = server.Report(Place);
        return external is null ? report : external.Describe(report);
    }

    /// <summary>
    /// Requests a report if the queue or a counter has changed since the last one. The caller holds the server's lock. Costs next to nothing
    /// once the report is requested.
    /// </summary>
    public void RequestIfChanged()
    {
        if (IsOver != _reportedOver && !_isUrgent)
        {
            _isUrgent = true;
            silo.Request(this, isUrgent: true);
        }
        else if (!_isRequested && server.Tally.Changes != _reportedChanges)
        {
            _isRequested = true;
            silo.Request(this, isUrgent: false);
        }
    }

    /// <summary>Takes the report that was requested.</summary>
    /// <param name="report">The report.</param>
    /// <returns>False if the server is in the middle of something.</returns>
    public bool TryTake([NotNullWhen(true)] out ServerResponse? report)
    {
        report = null;
        if (!server.Lock.TryEnter())
            return false;

        try
        {
            server.ForgetIdleGateways();
            report = Taken();
            return true;
        }
        finally
        {
            server.Lock.Exit();
        }
    }

    /// <summary>Reports and logs a change of the status, and requests a report of other changes.</summary>
    public void ReportStatusOrRequest()
    {
        ServerResponse report;
        lock (server.Lock)
        {
            if (server.Status == _loggedStatus)
            {
                RequestIfChanged();
                return;
            }

            _loggedStatus = server.Status;
            report = Taken();
        }

        LogStatus(report);
        _ = Send(report);
    }

    /// <summary>The server has ended: it has no load any more.</summary>
    public void End()
    {
        silo.Remove(this);
        lock (server.Lock)
            _gauge.Set(0, 0);
    }

    private ServerResponse Taken()
    {
        (_isRequested, _isUrgent) = (false, false);
        (_reportedOver, _reportedChanges) = (IsOver, server.Tally.Changes);
        Volatile.Write(ref _reportedAt, time.GetTimestamp());
        _gauge.Set(server.QueueLength, server.InService);
        return Report();
    }

    private async Task Send(ServerResponse report)
    {
        try
        {
            await destination.Report(pool, ImmutableArray.Create(report));
        }
        catch (Exception failure)
        {
            LogNotReported(logger, failure, id);
        }
    }

    private void LogStatus(ServerResponse report)
    {
        if (report.Status == ServerStatus.Draining)
            LogDraining(logger, id, report.QueueLength, report.InService);
        else if (report.Status == ServerStatus.Stopped)
            LogStopped(logger, id);
        else if (report.Status == ServerStatus.Failed && external is null)
            LogFailed(logger, id, report.InService);
    }
}
