using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.Balancing.Overload;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Logs;

namespace Shortline.Grains.ExternalServers;

/// <summary>The external server to which a server grain forwards requests: its address, its last report, and whether it answers.</summary>
/// <param name="timeoutMs">Milliseconds without a report after which it is silent.</param>
/// <param name="forwarder">Sends requests and probes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The server's log.</param>
internal sealed partial class ExternalServer(int timeoutMs, ExternalForwarder forwarder, TimeProvider time, ILogger logger)
{
    private readonly RateLimitedLog<string> _wrongAnswers = new(time, TimeSpan.FromSeconds(10), keyLimit: 1);
    private Operations? _operations;

    /// <summary>Shared by its operations, of which there may be any number.</summary>
    private readonly ServiceTime _serviceTime = new();

    /// <summary>Operations of every name: the external server knows which ones there are.</summary>
    public Operations Operations
    {
        get
        {
            var handler = new ForwardingHandler(forwarder, () => EndPoint);
            return _operations ??= new Operations(name => new Operation(name, handler, logger, time, serviceTime: _serviceTime));
        }
    }

    /// <summary>Where it is; null before its first report.</summary>
    public ExternalServerEndPoint? EndPoint { get; private set; }

    /// <summary>Its latest report; null before the first.</summary>
    public ExternalReport? Report { get; private set; }

    /// <summary>Its health; a placeholder before its first report.</summary>
    public ExternalServerHealth Health { get; private set; } = new(1, reports: true, mustAnswer: false, time.TimestampFrequency);

    /// <summary>The longest that an answer to a probe may take.</summary>
    public TimeSpan ProbeTimeout => TimeSpan.FromSeconds((double)Health.ProbeInterval / time.TimestampFrequency);

    /// <summary>Takes a report, unless it comes from another address while the external server at the known one still reports.</summary>
    /// <returns>Whether the report was taken.</returns>
    public bool TryTake(ExternalReport report, long now)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(report.Address), report.Port);
        if (EndPoint is null)
        {
            // Whoever knows the secret may still name the address of somebody else, who answers no probe.
            var mustAnswer = report.IsLocateOnly || !IPAddress.IsLoopback(endPoint.Address);
            var timeout = (long)(timeoutMs / 1000d * time.TimestampFrequency);
            Health = new ExternalServerHealth(timeout, !report.IsLocateOnly, mustAnswer, time.TimestampFrequency);
            Health.Begin(now);
        }
        else if (!EndPoint.EndPoint.Equals(endPoint) && !Health.IsSilent(now))
        {
            return false;
        }

        if (EndPoint is null || !EndPoint.EndPoint.Equals(endPoint))
        {
            EndPoint = new ExternalServerEndPoint(endPoint);
            Health.Moved();
        }

        Report = report;
        Health.Reported(now);
        return true;
    }

    /// <summary>Probes the external server in its own protocol.</summary>
    /// <returns>Whether the external server answered.</returns>
    public async Task<bool> Probe(CancellationToken cancellationToken)
    {
        if (Report!.IsLocateOnly)
            return await ProbeText(EndPoint!.EndPoint, cancellationToken).ConfigureAwait(false);
        try
        {
            // Any answer counts, also one that refuses the operation.
            await forwarder.Probe(EndPoint!, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> ProbeText(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var (isAlive, instead) = await TextProbe.Ask(endPoint, cancellationToken).ConfigureAwait(false);
        if (instead is not null && _wrongAnswers.TryPass("", out var suppressed))
            LogWrongAnswer(logger, endPoint, instead, suppressed);
        return isAlive;
    }

    [LoggerMessage(2154, LogLevel.Warning, "The external server at {Server} answered test_response_time with {Answer} instead of alive; {Suppressed} more since the last such line")]
    private static partial void LogWrongAnswer(ILogger logger, IPEndPoint server, string answer, long suppressed);

    /// <summary>Adds to a server's report what only an external server has.</summary>
    public ServerResponse Describe(ServerResponse report) => report with
    {
        IsExternal = true,
        IsLocateOnly = Report?.IsLocateOnly ?? false,
        ResponseTimeMs = Health.ResponseTimeMs,
        Host = Report is { IsLocateOnly: true } ? Report.Address : "",
        Port = Report is { IsLocateOnly: true } ? Report.Port : 0,
    };
}
