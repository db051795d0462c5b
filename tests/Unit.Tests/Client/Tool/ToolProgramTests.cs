using System.Text.Json;
using Shortline.Client.Tool;

namespace Shortline.Unit.Tests.Client.Tool;

public sealed class ToolProgramTests
{
    [Fact]
    public async Task A_successful_run_prints_a_table_and_exits_with_0()
    {
        using var gateway = FakeGateway.Echo();
        var (code, output, error) = await Run("--gateway", $"{gateway.EndPoint}", "--client:port_range_start", "20000", "--client:port_range_end", "65000", "--clients", "2", "--requests", "20");
        Assert.True(code == 0, error);
        Assert.Contains("p99.9", output, StringComparison.Ordinal);
        Assert.Contains("100.0 %", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_request_exits_with_1_and_its_error_is_reported()
    {
        const string error = "no: a long explanation that is broken into lines on a terminal, and not where a program reads it or a file keeps it";
        using var gateway = new FakeGateway((id, _) => [$$"""{"id":{{id}},"status":"error","error":"{{error}}"}"""]);
        var report = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "report.json");
        var (code, output, _) = await Run(
            "--gateway", $"{gateway.EndPoint}", "--client:port_range_start", "20000", "--client:port_range_end", "65000", "--requests", "5", "--clients", "1", "--report", report);
        Assert.Equal(1, code);
        Assert.Contains($"error: {error}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("p99", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        Assert.Equal(5, json.RootElement.GetProperty("error").GetInt32());
        Assert.False(json.RootElement.TryGetProperty("latency_ms", out _));
        Directory.Delete(Path.GetDirectoryName(report)!, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Throttled_requests_are_shown_and_reported_unless_throttling_is_off(bool throttle)
    {
        using var gateway = new FakeGateway((id, _) => [$$"""{"id":{{id}},"status":"rejected","reason":"overloaded"}"""]);
        var report = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string[] off = throttle ? [] : ["--no-throttle"];
        var (code, output, _) = await Run(
            [
                "--gateway", $"{gateway.EndPoint}", "--client:port_range_start", "20000", "--client:port_range_end", "65000",
                "--requests", "100", "--clients", "1", "--retries", "0", "--report", report, .. off,
            ]);
        Assert.Equal(1, code);
        Assert.Equal(throttle, output.Contains("throttled", StringComparison.Ordinal));
        Assert.Equal(throttle, output.Contains("--no-throttle", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        Assert.Equal(throttle, json.RootElement.GetProperty("load").GetProperty("throttle").GetBoolean());
        Assert.Equal(throttle, json.RootElement.GetProperty("throttled").GetInt32() > 0);
        Assert.Equal(100, json.RootElement.GetProperty("throttled").GetInt32() + json.RootElement.GetProperty("rejected").GetInt32());
        File.Delete(report);
    }

    [Fact]
    public async Task A_missing_gateway_is_reported_in_one_sentence_with_a_hint()
    {
        var gateway = FakeGateway.Echo();
        var endpoint = gateway.EndPoint;
        gateway.Dispose();
        var (code, _, error) = await Run("--gateway", $"{endpoint}", "--client:port_range_start", "20000", "--client:port_range_end", "65000", "--clients", "2");
        Assert.Equal(1, code);
        Assert.Equal($"No gateway answers on {endpoint}. Start one with: dotnet run --project Silo -- --gateway", error.Trim());
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--requests", "many")]
    [InlineData("--requests", "0")]
    [InlineData("--duration", "10")]
    [InlineData("--duration", "-1s")]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "1,5")]
    [InlineData("--requests", "1,000")]
    [InlineData("--duration", "25h")]
    [InlineData("compute", "0,5")]
    [InlineData("--gateway", "010.0.0.1:54001")]
    [InlineData("--gateway", "127.1:54001")]
    [InlineData("--gateway", "no-such-host.invalid:54001")]
    [InlineData("--payload", "{")]
    [InlineData("--operation", "no spaces")]
    [InlineData("--gateway", "nowhere")]
    [InlineData("--pause", "10s..1s")]
    [InlineData("--pause", "1..10")]
    [InlineData("get", "x", "--forec")]
    [InlineData("ls", "--long")]
    [InlineData("--tcp", "--direct")]
    [InlineData("--tls")]
    [InlineData("compute", "x")]
    [InlineData("--gateway", "127.0.0.1:70000")]
    public async Task A_wrong_option_is_named_and_exits_with_2(params string[] args)
    {
        var (code, _, error) = await Run(args);
        Assert.Equal(2, code);
        Assert.Contains(args[^1], error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_host_that_ends_in_a_digit_is_no_wrong_address()
    {
        var (code, _, error) = await Run("--gateway", "server1.invalid:54001");
        Assert.Equal(2, code);
        Assert.Contains("'server1.invalid:54001': the name of the host cannot be resolved", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_to_standard_output_is_alone_there()
    {
        using var gateway = FakeGateway.Echo();
        var (code, output, error) = await Run(
            "--gateway", $"{gateway.EndPoint}", "--client:port_range_start", "20000", "--client:port_range_end", "65000", "--requests", "5", "--clients", "1", "--report", "-");
        Assert.Equal(0, code);
        Assert.Contains("p99.9", error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(5, json.RootElement.GetProperty("ok").GetInt32());
        Assert.False(File.Exists("-"));
    }

    [Fact]
    public async Task Clients_that_pause_send_the_given_number_of_requests()
    {
        using var gateway = FakeGateway.Echo();
        var (code, output, error) = await Run(
            "--gateway", $"{gateway.EndPoint}", "--client:port_range_start", "20000", "--client:port_range_end", "65000",
            "--requests", "6", "--clients", "2", "--pause", "10ms..20ms");
        Assert.True(code == 0, error);
        Assert.Contains("a request each, then a pause of 0.01 to 0.02 s, 6 requests", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_is_named_and_exits_with_1()
    {
        var (code, _, error) = await Run("--client:timeout_ms", "soon");
        Assert.Equal(1, code);
        Assert.Contains("client.timeout_ms", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_payload_is_reported_in_one_sentence()
    {
        var (code, _, error) = await Run("--payload", $"\"{new string('x', 65_500)}\"", "--client:port_range_start", "20000", "--client:port_range_end", "65000");
        Assert.Equal(1, code);
        Assert.StartsWith("--payload is too large: its 65502 bytes", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_path_that_cannot_be_written_is_reported_before_the_load_starts()
    {
        using var gateway = FakeGateway.Echo();
        var (code, output, error) = await Run("--gateway", $"{gateway.EndPoint}", "--report", Path.GetTempPath());
        Assert.Equal(1, code);
        Assert.StartsWith("The report cannot be written to ", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ToolProgram.RunAsync([.. args, "--logs:directory="], TextReader.Null, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
