using System.Text;
using Microsoft.Extensions.Logging;
using Shortline.Hosting;

namespace Shortline.Unit.Tests.Hosting;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_client_s_text_cannot_begin_a_line_or_command_a_terminal()
    {
        var line = ForFile("bad id \"1\n2026-08-03T12:00:00.000Z error forged\u001b[2J\u202e\"");

        Assert.Equal("2026-08-03T12:00:00.000Z warn  Any: bad id \"1\\n2026-08-03T12:00:00.000Z error forged\\u001b[2J\\u202e\"\n", line);
    }

    [Fact]
    public void A_line_is_bounded_and_says_what_is_missing()
    {
        var line = ForFile(new string('x', 1_000_000), new InvalidOperationException(new string('y', 1_000_000)));

        Assert.InRange(line.Length, 10_000, 13_000);
        Assert.Contains("xx… (996000 characters more)\n", line, StringComparison.Ordinal);
        Assert.EndsWith("characters more)\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_is_indented_so_that_its_message_is_no_line_of_its_own()
    {
        var line = ForFile("failed", new InvalidOperationException("one\n2026-08-03T12:00:00.000Z error forged"));

        Assert.Equal(
            "2026-08-03T12:00:00.000Z warn  Any: failed\n    System.InvalidOperationException: one\n    2026-08-03T12:00:00.000Z error forged\n", line);
    }

    [Theory]
    [InlineData("Shortline.Server/3", "server 3: ")]
    [InlineData("Shortline.Gateway.Dispatcher", "Dispatcher: ")]
    public void The_console_gets_one_short_line(string category, string shown)
    {
        var line = new StringBuilder();
        LogLine.ForConsole(line, Time, LogLevel.Error, category, "failed", new InvalidOperationException("one\ntwo"), colour: false);

        Assert.EndsWith($" error {shown}failed (InvalidOperationException: one\\ntwo)\n", line.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', line.ToString());
    }

    private static string ForFile(string message, Exception? exception = null) =>
        LogLine.ForFile(Time, LogLevel.Warning, "Any", default, message, exception);
}
