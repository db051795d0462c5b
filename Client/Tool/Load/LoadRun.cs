using Microsoft.Extensions.Logging;
using Shortline.Hosting.Start;
using Shortline.Protocol.Requests;

namespace Shortline.Client.Tool.Load;

/// <summary>The tool without a verb: drives the load, shows its progress, prints the summary.</summary>
internal sealed class LoadRun(LoadSettings settings, FileInfo? report, ILoggerFactory logs, TextWriter output, TextWriter error)
{
    // A gateway may be starting. If it has not answered by then, the run is given up.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(1);

    private readonly LiveLine _line = new(output);

    public async Task<int> RunAsync(CancellationToken stop)
    {
        CheckLimits();
        if (report is not null)
            ReportFile.CheckWritable(report);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var driver = OpenDriver();
        await output.WriteLineAsync(ProgressText.Start(settings));

        var run = driver.RunAsync(giveUp.Token);
        await WatchAsync(driver, run, giveUp);

        var end = await run;
        if (NobodyListens(end, driver))
        {
            await error.WriteLineAsync(
                $"No gateway answers on {string.Join(", ", settings.Gateways)}"
                + (driver.ConnectionFault is { } fault ? $": {fault}." : ". Start one with: dotnet run --project Silo -- --gateway"));
        }
        else
        {
            SummaryTable.Write(output, _line.IsLive, settings, end);
        }

        // After the table, so that a full disk does not cost the table.
        if (report is not null)
            await ReportFile.WriteAsync(report, settings, end);
        return end.AllOk ? 0 : ProgramStart.Failed;
    }

    private LoadDriver OpenDriver()
    {
        try
        {
            return new LoadDriver(settings, logs: logs);
        }
        catch (ArgumentException fault) when (string.Equals(fault.ParamName, "payload", StringComparison.Ordinal))
        {
            throw new StartFailedException(
                $"--payload is too large: its {settings.Payload.Length} bytes with the rest of the request do not fit into a datagram of {RequestParser.MaxDatagram}.",
                fault);
        }
    }

    private static bool NobodyListens(LoadProgress progress, LoadDriver driver) =>
        progress.Answered == 0 && (progress.Refused > 0 || driver.ConnectionFault is not null);

    private Task WatchAsync(LoadDriver driver, Task run, CancellationTokenSource giveUp)
    {
        var before = driver.Snapshot();
        return _line.ShowAsync(run, async () =>
        {
            var (now, last) = (driver.Snapshot(), before);
            before = now;
            if (!NobodyListens(now, driver) || now.Elapsed < StartTimeout)
                return ProgressText.Line(now, now.Since(last));
            await giveUp.CancelAsync();
            return null;
        });
    }

    private void CheckLimits()
    {
        if (settings.Outstanding > settings.InFlightLimit)
        {
            throw new StartFailedException(
                $"--outstanding {settings.Outstanding} is too many: with {settings.Clients} clients at most {settings.InFlightLimit} each.");
        }
    }
}
