using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Parsing;
using Shortline.Hosting.Logs;

namespace Shortline.Unit.Tests.Hosting.Logs;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Text_of_a_client_cannot_start_a_line_or_send_control_sequences()
    {
        var line = ForFile("bad id \"1\n2026-08-03T12:00:00.000Z error forged\u001b[2J\u202e\"");

        Assert.Equal("2026-08-03T12:00:00.000Z warn  Any: bad id \"1\\n2026-08-03T12:00:00.000Z error forged\\u001b[2J\\u202e\"\n", line);
    }

    [Fact]
    public void A_line_is_bounded_and_counts_the_characters_that_are_cut()
    {
        var line = ForFile(new string('x', 1_000_000), new InvalidOperationException(new string('y', 1_000_000)));

        Assert.InRange(line.Length, 10_000, 13_000);
        Assert.Contains("xx… (996000 characters more)\n", line, StringComparison.Ordinal);
        Assert.EndsWith("characters more)\n", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4000, 0)]
    [InlineData(4022, 0)]
    [InlineData(4100, 100)]
    public void Nothing_is_cut_that_is_shorter_than_the_note_of_it(int length, int cut)
    {
        var line = ForFile(new string('x', length));

        Assert.Equal(length - cut, line.Count(c => c == 'x'));
        Assert.Equal(cut > 0, line.Contains($"… ({cut} characters more)", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_of_an_exception_are_indented()
    {
        var line = ForFile("failed", new InvalidOperationException("one\n2026-08-03T12:00:00.000Z error forged"));

        Assert.Equal(
            "2026-08-03T12:00:00.000Z warn  Any: failed\n    System.InvalidOperationException: one\n    2026-08-03T12:00:00.000Z error forged\n", line);
    }

    [Theory]
    [InlineData("Shortline.Server/3", "server 3: ")]
    [InlineData("Shortline.Gateway.Dispatcher", "Dispatcher: ")]
    public void A_console_line_has_a_short_category_and_no_stack_trace(string category, string shown)
    {
        var line = new StringBuilder();
        ConsoleLines.Append(line, Event(LogEventLevel.Error, category, "failed", new InvalidOperationException("one\ntwo")), colour: false);

        Assert.EndsWith($" error {shown}failed (InvalidOperationException: one\\ntwo)\n", line.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', line.ToString());
    }

    [Fact]
    public void The_console_reports_the_number_of_missing_lines()
    {
        var lines = new ConsoleLines();
        var logEvent = Event(LogEventLevel.Error, "Any", "failed", null);
        lines.OnLoggingFailed(this, default, "full", [logEvent, logEvent], null);

        var output = new StringWriter(CultureInfo.InvariantCulture);
        lines.Format(logEvent, output);
        lines.Format(logEvent, output);

        Assert.StartsWith("2 log lines are missing here: ", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, output.ToString().Count(c => c == '\n'));
    }

    private static string ForFile(string message, Exception? exception = null)
    {
        var line = new StringWriter(CultureInfo.InvariantCulture);
        FileLines.Instance.Format(Event(LogEventLevel.Warning, "Any", message, exception), line);
        return line.ToString();
    }

    private static LogEvent Event(LogEventLevel level, string category, string message, Exception? exception) => new(
        Time,
        level,
        exception,
        new MessageTemplateParser().Parse("{Text}"),
        [new LogEventProperty("Text", new ScalarValue(message)), new LogEventProperty("SourceContext", new ScalarValue(category))]);
}
