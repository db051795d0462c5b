using Microsoft.Extensions.Logging;
using Shortline.Hosting.Start;
using Shortline.Protocol.Requests;

namespace Shortline.Client.Tool.Load;

/// <summary>The tool without a verb: drives the load, shows its progress, prints the summary.</summary>
/// <param name="settings">The load.</param>
/// <param name="report">The path of the report, or - for standard output; null without one.</param>
/// <param name="logs">The logs of driver and clients.</param>
/// <param name="output">Receives progress and summary, unless it receives the report.</param>
/// <param name="error">Receives them in that case.</param>
internal sealed class LoadRun(LoadSettings settings, string? report, ILoggerFactory logs, TextWriter output, TextWriter error)
{
    private const string StandardOutput = "-";

    // A gateway may be starting. If it has not answered by then, the run is given up.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(1);

    private readonly FileInfo? _file = report is null or StandardOutput ? null : new FileInfo(report);
    private readonly TextWriter _shown = report == StandardOutput ? error : output;
    private readonly LiveLine _line = new(report == StandardOutput ? error : output);

    public async Task<int> RunAsync(CancellationToken stop)
    {
        CheckLimits();
        if (_file is not null)
            ReportFile.CheckWritable(_file);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var driver = OpenDriver();
        await _shown.WriteLineAsync(ProgressText.Start(settings));

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
            SummaryTable.Write(_shown, _line.IsLive, settings, end);
        }

        // After the table, so that a full disk does not cost the table.
        if (_file is not null)
            await ReportFile.WriteAsync(_file, settings, end);
        else if (report is not null)
            await ReportFile.WriteAsync(output, settings, end);
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
                $"--payload is too large: its {settings.Payload.Length} bytes with the rest of the request are more than the {RequestParser.MaxDatagram} that a request may have.",
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
