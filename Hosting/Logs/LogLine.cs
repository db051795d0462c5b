using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Shortline.Hosting;

/// <summary>Writes one entry of a log. Text of others can neither begin a line of its own nor be longer than the limits here.</summary>
internal static class LogLine
{
    // Enough for every message of Shortline; longer ones quote somebody's input.
    private const int LongestMessage = 4000;
    private const int LongestException = 8000;

    /// <summary>The entry of a file: a line with the time in UTC, and the whole exception indented below it.</summary>
    public static string ForFile(DateTimeOffset time, LogLevel level, string category, EventId id, string message, Exception? exception)
    {
        var line = new StringBuilder(160);
        line.Append(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Name(level),-5} ");
        SafeText.Append(line, category, 200);
        if (id.Id != 0)
            line.Append(CultureInfo.InvariantCulture, $"[{id.Id}]");
        line.Append(": ");
        SafeText.Append(line, message, LongestMessage);
        line.Append('\n');
        if (exception is not null)
            AppendIndented(line, exception.ToString());
        return line.ToString();
    }

    /// <summary>The entry of a console: one line with the local time and the exception's message.</summary>
    public static void ForConsole(
        StringBuilder line, DateTimeOffset time, LogLevel level, string category, string message, Exception? exception, bool colour)
    {
        line.Append(CultureInfo.InvariantCulture, $"{time.LocalDateTime:HH:mm:ss.fff} ");
        if (colour)
            line.Append(ColourOf(level));
        line.Append(CultureInfo.InvariantCulture, $"{Name(level),-5}");
        if (colour)
            line.Append("\u001b[0m");
        line.Append(' ').Append(LogFileName.Display(category)).Append(": ");
        SafeText.Append(line, message, LongestMessage);
        if (exception is not null)
        {
            line.Append(" (").Append(exception.GetType().Name).Append(": ");
            SafeText.Append(line, exception.Message, LongestMessage);
            line.Append(')');
        }

        line.Append('\n');
    }

    private static void AppendIndented(StringBuilder line, string text)
    {
        var cut = text.Length > LongestException;
        foreach (var part in text.AsSpan(0, cut ? LongestException : text.Length).EnumerateLines())
        {
            line.Append("    ");
            SafeText.Append(line, part, LongestException);
            line.Append('\n');
        }

        if (cut)
            line.Append(CultureInfo.InvariantCulture, $"    … ({text.Length - LongestException} characters more)\n");
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private static string ColourOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "\u001b[2m",
        LogLevel.Information => "\u001b[32m",
        LogLevel.Warning => "\u001b[33m",
        _ => "\u001b[31m",
    };
}
