using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Shortline.Hosting;

/// <summary>Formats what goes to the console: single lines, in colour only on a terminal and unless <c>NO_COLOR</c> is set.</summary>
internal sealed class ConsoleLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "shortline";

    /// <summary>From here on lines go to standard error.</summary>
    public const LogLevel ErrorThreshold = LogLevel.Warning;

    [ThreadStatic]
    private static StringBuilder? _line;

    // https://no-color.org
    private readonly bool _noColour = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = _line ??= new StringBuilder(200);
        line.Clear();
        var message = logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception) ?? "";
        LogLine.ForConsole(
            line, time.GetUtcNow(), logEntry.LogLevel, logEntry.Category, message, logEntry.Exception, HasColour(logEntry.LogLevel));
        textWriter.Write(line);
    }

    private bool HasColour(LogLevel level) =>
        !_noColour && !(level >= ErrorThreshold ? Console.IsErrorRedirected : Console.IsOutputRedirected);
}
