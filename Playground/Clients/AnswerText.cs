using System.Text;
using System.Text.Json;
using Shortline.Client;
using Shortline.Hosting.Text;
using Shortline.Playground.Screen;
using Shortline.Protocol.Responses;

namespace Shortline.Playground.Clients;

/// <summary>Formats answers.</summary>
internal static class AnswerText
{
    private const int Longest = 300;

    /// <summary>The outcome of a request: <c>ok, 16.2 ms</c>, <c>rejected, queue full, 0.31 ms</c>, <c>no answer, 5.00 s</c>.</summary>
    public static string Of(in Reply reply, TimeSpan elapsed) =>
        reply.Status is not { } status ? $"{(reply.TimesSent == 0 ? "not sent" : "no answer")}, {Figures.Latency(elapsed)}"
        : reply.IsOk || reply.Error is null ? $"{ResponseStatuses.Name(status)}, {Figures.Latency(elapsed)}"
        : $"{ResponseStatuses.Name(status)}, {SafeText.Of(reply.Error, Longest)}, {Figures.Latency(elapsed)}";

    /// <summary>The result of a request; empty if there is none.</summary>
    public static string Result(PlayRequest request, in Reply reply) => !reply.IsOk ? ""
        : request.Operation == "file" ? FileOf(reply.Result)
        : SafeText.Of(Encoding.UTF8.GetString(reply.Result.Span[..Math.Min(reply.Result.Length, 4 * Longest)]), Longest);

    /// <summary>The size of a file and its first bytes.</summary>
    private static string FileOf(ReadOnlyMemory<byte> result)
    {
        try
        {
            using var json = JsonDocument.Parse(result);
            var data = json.RootElement.GetProperty("data").GetBytesFromBase64();
            return $"{Figures.Count(json.RootElement.GetProperty("size").GetInt64(), "byte")}: {SafeText.Of(Encoding.UTF8.GetString(data), Longest)}";
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return "not a file's answer";
        }
    }
}
