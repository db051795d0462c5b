using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Logs;

/// <summary>
/// Formats the lines of log files: the time in UTC, the level, the category, the number of the event, the message, and the whole exception
/// indented below. Text from other machines can neither start a line of its own nor exceed the limits here.
/// </summary>
internal sealed class FileLines : ITextFormatter
{
    private const int LongestCategory = 200;
    private const int LongestException = 8000;

    public static FileLines Instance { get; } = new();

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new StringBuilder(200);
        Append(line, logEvent);
        output.Write(line);
    }

    /// <summary>Appends the line, or the lines if there is an exception.</summary>
    public static void Append(StringBuilder line, LogEvent logEvent)
    {
        line.Append(CultureInfo.InvariantCulture, $"{logEvent.Timestamp.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {LineText.NameOf(logEvent.Level),-5} ");
        SafeText.Append(line, LineText.CategoryOf(logEvent), LongestCategory);
        if (LineText.EventIdOf(logEvent) is var id and not 0)
            line.Append(CultureInfo.InvariantCulture, $"[{id}]");
        line.Append(": ");
        LineText.AppendMessage(line, logEvent);
        line.Append('\n');
        if (logEvent.Exception is not null)
            AppendIndented(line, logEvent.Exception.ToString());
    }

    /// <summary>The bytes that <paramref name="line"/> takes in a file.</summary>
    public static int Utf8Length(StringBuilder line)
    {
        var bytes = 0;
        foreach (var chunk in line.GetChunks())
            bytes += Encoding.UTF8.GetByteCount(chunk.Span);
        return bytes;
    }

    private static void AppendIndented(StringBuilder line, string text)
    {
        var kept = SafeText.CutAt(text.Length, LongestException, out var note);
        foreach (var part in text.AsSpan(0, kept).EnumerateLines())
        {
            line.Append("    ");
            SafeText.Append(line, part, LongestException);
            line.Append('\n');
        }

        if (note.Length > 0)
            line.Append("    ").Append(note).Append('\n');
    }
}
