using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces;
using Shortline.Hosting;

namespace Shortline.Grains;

/// <summary>What a server grain has when the work is done by a program of somebody else's.</summary>
/// <param name="timeoutMs">Milliseconds without a report after which the program is silent.</param>
/// <param name="forwarder">Sends requests there.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The server's log.</param>
internal sealed class ExternalServer(int timeoutMs, ExternalForwarder forwarder, TimeProvider time, ILogger logger)
{
    private Operations? _operations;

    /// <summary>Whatever the operation, the program does it.</summary>
    public Operations Operations
    {
        get
        {
            var handler = new ForwardingHandler(forwarder, () => Program);
            return _operations ??= new Operations(name => new Operation(name, handler, logger, time));
        }
    }

    /// <summary>Where the program is; null before its first report.</summary>
    public ExternalEndPoint? Program { get; private set; }

    /// <summary>What it has said last.</summary>
    public ExternalReport? Report { get; private set; }

    /// <summary>Whether it is there; that of a program that nobody knows before its first report.</summary>
    public ExternalHealth Health { get; private set; } = new(1, reports: true, time.TimestampFrequency);

    /// <summary>When to tell of programs with the same name: they report again and again.</summary>
    public RateLimitedLog<string> OtherPrograms { get; } = new(time, TimeSpan.FromSeconds(10));

    /// <summary>How long an answer to a probe may take.</summary>
    public TimeSpan ProbeTimeout => TimeSpan.FromSeconds((double)Health.ProbeInterval / time.TimestampFrequency);

    /// <summary>Takes a report, unless it is of another program that has the same name while this one is there.</summary>
    public bool TryTake(ExternalReport report, long now)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(report.Address), report.Port);
        if (Program is null)
        {
            Health = new ExternalHealth((long)(timeoutMs / 1000d * time.TimestampFrequency), !report.IsLocateOnly, time.TimestampFrequency);
            Health.Begin(now);
        }
        else if (!Program.EndPoint.Equals(endPoint) && !Health.IsSilent(now))
        {
            return false;
        }

        if (Program is null || !Program.EndPoint.Equals(endPoint))
            Program = new ExternalEndPoint(endPoint);
        Report = report;
        Health.Reported(now);
        return true;
    }

    /// <summary>Asks the program whether it is there, in its own protocol.</summary>
    public async Task<bool> Probe(CancellationToken cancellationToken)
    {
        if (Report!.IsLocateOnly)
            return await TextProbe.Ask(Program!.EndPoint, cancellationToken).ConfigureAwait(false);
        try
        {
            // Whatever it says to this: it speaks.
            await forwarder.Probe(Program!, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Completes a report of the server.</summary>
    public ServerResponse Describe(ServerResponse report) => report with
    {
        IsExternal = true,
        IsLocateOnly = Report?.IsLocateOnly ?? false,
        ResponseTimeMs = Health.ResponseTimeMs,
        Host = Report is { IsLocateOnly: true } ? Report.Address : "",
        Port = Report is { IsLocateOnly: true } ? Report.Port : 0,
    };
}
