using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting.Display;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Logs;

/// <summary>The parts that lines of files and of the console have in common.</summary>
internal static class LineText
{
    /// <summary>The most characters of a message. Enough for every message of Shortline; longer ones quote input.</summary>
    public const int LongestMessage = 4000;

    // The property names are Serilog.Extensions.Logging's.
    private const string Category = "SourceContext";
    private const string EventId = "EventId";

    // "l": texts are written as they are, without quotation marks.
    private static readonly MessageTemplateTextFormatter Message = new("{Message:l}", CultureInfo.InvariantCulture);

    [ThreadStatic]
    private static StringWriter? _message;

    /// <summary>The category of the logger.</summary>
    public static string CategoryOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(Category, out var value) && value is ScalarValue { Value: string category } ? category : "";

    /// <summary>The number of the event, or 0 if it has none.</summary>
    public static int EventIdOf(LogEvent logEvent)
    {
        if (!logEvent.Properties.TryGetValue(EventId, out var value) || value is not StructureValue parts)
            return 0;
        foreach (var part in parts.Properties)
        {
            if (part is { Name: "Id", Value: ScalarValue { Value: int id } })
                return id;
        }

        return 0;
    }

    /// <summary>Appends the message, made safe and bounded.</summary>
    public static void AppendMessage(StringBuilder line, LogEvent logEvent)
    {
        var message = _message ??= new StringWriter(CultureInfo.InvariantCulture);
        var text = message.GetStringBuilder().Clear();
        Message.Format(logEvent, message);
        SafeText.Append(line, text.ToString(), LongestMessage);

        // One very long message must not keep its memory.
        if (text.Capacity > 4 * LongestMessage)
            _message = null;
    }

    public static string NameOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };
}
