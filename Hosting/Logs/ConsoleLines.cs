using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Logs;

/// <summary>
/// Formats the lines of the console: the local time, the level, a short category, the message, and the message of the exception. Lines have
/// colours on a terminal, unless <c>NO_COLOR</c> is set (https://no-color.org).
/// </summary>
/// <remarks>Also counts the lines that a stopped or slow terminal did not take, and writes the number before the next line.</remarks>
internal sealed class ConsoleLines : ITextFormatter, ILoggingFailureListener
{
    /// <summary>The least severe level that goes to standard error.</summary>
    public const LogEventLevel ErrorThreshold = LogEventLevel.Warning;

    private readonly bool _noColour = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
    private long _lost;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new StringBuilder(200);
        if (Interlocked.Exchange(ref _lost, 0) is var lost and > 0)
            line.Append(CultureInfo.InvariantCulture, $"{lost} log lines are missing here: the console did not take them in time.\n");
        Append(line, logEvent, HasColour(logEvent.Level));
        output.Write(line);
    }

    public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception) =>
        Interlocked.Add(ref _lost, events?.Count ?? 0);

    internal static void Append(StringBuilder line, LogEvent logEvent, bool colour)
    {
        line.Append(CultureInfo.InvariantCulture, $"{logEvent.Timestamp.LocalDateTime:HH:mm:ss.fff} ");
        if (colour)
            line.Append(ColourOf(logEvent.Level));
        line.Append(CultureInfo.InvariantCulture, $"{LineText.NameOf(logEvent.Level),-5}");
        if (colour)
            line.Append("\u001b[0m");
        line.Append(' ').Append(LogFileName.Display(LineText.CategoryOf(logEvent))).Append(": ");
        LineText.AppendMessage(line, logEvent);
        if (logEvent.Exception is { } exception)
        {
            line.Append(" (").Append(exception.GetType().Name).Append(": ");
            SafeText.Append(line, exception.Message, LineText.LongestMessage);
            line.Append(')');
        }

        line.Append('\n');
    }

    private static string ColourOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "\u001b[2m",
        LogEventLevel.Information => "\u001b[32m",
        LogEventLevel.Warning => "\u001b[33m",
        _ => "\u001b[31m",
    };

    private bool HasColour(LogEventLevel level) =>
        !_noColour && !(level >= ErrorThreshold ? Console.IsErrorRedirected : Console.IsOutputRedirected);
}
