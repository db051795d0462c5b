using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Logs;

/// <summary>
/// The log files and the console, written by Serilog. Each has a queue and a thread of its own, so that a caller never waits for a disk or
/// a terminal and never sees their exceptions.
/// </summary>
internal sealed class LogOutputs : ILoggerProvider
{
    // Lines wait as Serilog events of about 600 bytes, so 10 MB at most. Enough for a silo that starts 1000 servers, each with its own
    // file.
    private const int FileQueueLimit = 16_384;
    private const int ConsoleQueueLimit = 1024;

    // Serilog flushes without a time limit. A terminal that is stopped or a dead network disk must not keep the program from exiting.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly LogLossNotice _losses;
    private readonly Logger _logger;
    private readonly SerilogLoggerProvider _loggers;
    private int _disposed;

    /// <summary>Opens the outputs. Files are created with their first line.</summary>
    /// <param name="settings">The section <c>logs</c>; an empty directory means no files.</param>
    /// <param name="processCategory">The category whose file takes the lines of all categories without a file.</param>
    /// <param name="console">Whether to write to the console too.</param>
    /// <param name="time">The clock of the loss notices. Serilog takes the time of a line from the system clock.</param>
    /// <param name="error">Where loss notices go.</param>
    public LogOutputs(LogSettings settings, string processCategory, bool console, TimeProvider time, TextWriter error)
    {
        _losses = new LogLossNotice(time, error);

        // The filters of Microsoft.Extensions.Logging decide what is enabled, before anything is allocated.
        var outputs = new LoggerConfiguration().MinimumLevel.Verbose();
        if (settings.Directory.Length > 0)
        {
            var files = new LogFilesSink(settings, processCategory, _losses);
            outputs.WriteTo.Fallible(to => to.Async(queued => queued.Sink(files), FileQueueLimit, monitor: files), _losses);
        }

        if (console)
        {
            var lines = new ConsoleLines();
            outputs.WriteTo.Fallible(
                to => to.Async(queued => queued.Console(lines, standardErrorFromLevel: ConsoleLines.ErrorThreshold), ConsoleQueueLimit), lines);
        }

        _logger = outputs.CreateLogger();
        _loggers = new SerilogLoggerProvider(_logger);
    }

    /// <summary>Lines that did not get into a file since the start.</summary>
    public long LinesLost => _losses.Lost;

    public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => _loggers.CreateLogger(categoryName);

    /// <summary>Writes what is queued, for five seconds at most.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Task.Run(_logger.Dispose).Wait(CloseLimit);
        _losses.Close();
    }
}
