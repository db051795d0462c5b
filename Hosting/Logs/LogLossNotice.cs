using Serilog.Core;
using Serilog.Events;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Logs;

/// <summary>
/// Counts the lines that did not get into a file and reports them on standard error: at once, then once a minute while lines are being
/// lost, and once more when files are written again.
/// </summary>
internal sealed class LogLossNotice(TimeProvider time, TextWriter error) : ILoggingFailureListener
{
    private const string Advice = "The program goes on without them. Free or allow space there, or choose another folder: logs.directory, "
        + "on the command line --logs:directory FOLDER.";

    private readonly RateLimitedLog<string> _limit = new(time, TimeSpan.FromMinutes(1));
    private readonly Lock _lock = new();
    private long _lost;
    private long _reported;
    private string? _failing;

    /// <summary>Lines lost since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Counts lines that Serilog's queue did not take, because it was full or closed.</summary>
    public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
    {
        if (events is null)
            return;
        Interlocked.Add(ref _lost, events.Count);
        if (_limit.TryPass("queue", out _))
            Report($"Log lines are lost: more is logged than can be written. {Lost} so far; they are missing in the files alone.");
    }

    /// <summary>Counts a line that could not be written to its file.</summary>
    public void NotWritten(string path, Exception cause)
    {
        Interlocked.Increment(ref _lost);
        lock (_lock)
        {
            var first = _failing is null;
            _failing ??= path;
            if (_limit.TryPass("file", out _) || first)
                Report($"Log files cannot be written: {SafeText.Of(cause.Message, 500)} ({path}). {Lost} lines are lost so far. {Advice}");
        }
    }

    /// <summary>Reports the end of the failure if a line was written to the file that had failed.</summary>
    public void Written(string path)
    {
        lock (_lock)
        {
            if (_failing is null || !string.Equals(path, _failing, StringComparison.Ordinal))
                return;
            _failing = null;
            Report($"Log files are written again; {Lost} lines were lost.");
        }
    }

    /// <summary>Reports the final number if more lines were lost since the last report.</summary>
    public void Close()
    {
        if (Lost > Interlocked.Read(ref _reported))
            Report($"{Lost} log lines were lost.");
    }

    private void Report(string text)
    {
        Interlocked.Exchange(ref _reported, Lost);
        try
        {
            error.WriteLine(text);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Standard error is closed, so there is no place for the report.
        }
    }
}
