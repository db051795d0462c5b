using System.Text;
using System.Text.Json;
using Shortline.Hosting.Start;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <summary>Writes the figures of a run as JSON. The names follow the style of the wire format.</summary>
internal static class ReportFile
{
    /// <summary>Checks before the run that the path can be written. An existing report is not changed.</summary>
    public static void CheckWritable(FileInfo file)
    {
        try
        {
            file.Directory?.Create();
            using var stream = file.Open(FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(file, exception);
        }
    }

    public static async Task WriteAsync(FileInfo file, LoadSettings settings, LoadProgress end)
    {
        try
        {
            file.Directory?.Create();
            await using var stream = file.Create();
            Write(stream, settings, end);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(file, exception);
        }
    }

    /// <summary>Writes the report to standard output.</summary>
    public static async Task WriteAsync(TextWriter output, LoadSettings settings, LoadProgress end)
    {
        using var report = new MemoryStream();
        Write(report, settings, end);
        await output.WriteLineAsync(Encoding.UTF8.GetString(report.ToArray()));
    }

    private static void Write(Stream stream, LoadSettings settings, LoadProgress end)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        WriteLoad(json, settings);
        WriteCounts(json, end);
        if (end.Latency.Count > 0)
            WriteLatency(json, end.Latency);
        json.WriteStartObject("servers");
        foreach (var (server, count) in end.Servers)
            json.WriteNumber(server, count);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static StartFailedException Unwritable(FileInfo file, Exception cause) =>
        new($"The report cannot be written to {file.FullName}: {cause.Message}", cause);

    private static void WriteLoad(Utf8JsonWriter json, LoadSettings settings)
    {
        json.WriteStartObject("load");
        json.WriteStartArray("gateways");
        foreach (var gateway in settings.Gateways)
            json.WriteStringValue(gateway.ToString());
        json.WriteEndArray();
        json.WriteString("transport", settings.Transport switch { ClientTransport.Udp => "udp", ClientTransport.Tcp => "tcp", _ => "direct" });
        json.WriteString("operation", settings.Operation);
        json.WriteNumber("clients", settings.Clients);
        json.WriteNumber("timeout_ms", settings.TimeoutMs);
        json.WriteNumber("retries", settings.Retries);
        json.WriteNumber("retry_budget_percent", settings.RetryBudgetPercent);
        json.WriteNumber("retry_budget_per_second", settings.RetryBudgetPerSecond);
        json.WriteBoolean("throttle", settings.Throttle);
        if (settings.Pause is { } pause)
            WritePause(json, pause);
        else if (settings.Rate is { } rate)
            json.WriteNumber("rate", rate);
        else
            json.WriteNumber("outstanding", settings.Outstanding);
        json.WriteEndObject();
    }

    private static void WritePause(Utf8JsonWriter json, PauseRange pause)
    {
        json.WriteNumber("shortest_pause_ms", pause.Shortest.TotalMilliseconds);
        json.WriteNumber("longest_pause_ms", pause.Longest.TotalMilliseconds);
    }

    private static void WriteCounts(Utf8JsonWriter json, LoadProgress end)
    {
        json.WriteNumber("seconds", Math.Round(end.Elapsed.TotalSeconds, 3));
        json.WriteNumber("answers_per_second", Math.Round(end.Rate, 1));
        json.WriteNumber("requests", end.Started);

        // No request ends with verify: the client sends it again.
        foreach (var status in Enum.GetValues<ResponseStatus>().Where(status => status != ResponseStatus.Verify))
            json.WriteNumber(ResponseStatuses.Name(status), end.Of(status));
        json.WriteNumber("no_answer", end.NoAnswer);
        json.WriteNumber("throttled", end.Throttled);
        json.WriteNumber("not_sent", end.NotSent);
        json.WriteNumber("retries", end.Retries);
        json.WriteNumber("retries_denied", end.RetriesDenied);
        json.WriteNumber("retries_throttled", end.RetriesThrottled);
        json.WriteNumber("answered_twice", end.AnsweredTwice);
        json.WriteNumber("answered_late", end.Late);
        json.WriteNumber("unmatched", end.Unmatched);
    }

    private static void WriteLatency(Utf8JsonWriter json, LatencyHistogram latency)
    {
        json.WriteStartObject("latency_ms");
        json.WriteNumber("mean", Math.Round(latency.MeanNanoseconds / 1e6, 4));
        foreach (var percent in (double[])[50, 90, 99, 99.9])
            json.WriteNumber($"p{percent}", Math.Round(latency.Percentile(percent) / 1e6, 4));
        json.WriteNumber("max", Math.Round(latency.MaxNanoseconds / 1e6, 4));
        json.WriteEndObject();
    }
}
