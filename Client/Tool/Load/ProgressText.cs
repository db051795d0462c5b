using System.Text;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <summary>The lines that the tool shows while it runs.</summary>
internal static class ProgressText
{
    private const double NanosecondsPerMs = 1e6;

    public static string Start(LoadSettings settings)
    {
        var text = new StringBuilder($"{Count(settings.Clients, "client")} to {string.Join(", ", settings.Gateways)}{TransportText(settings.Transport)}: {settings.Operation}, ");
        text.Append(settings.Pause is { } pause ? $"a request each, then a pause of {pause}" : settings.Rate is { } rate ? $"{rate:#,0.###} requests/s on schedule" : $"{settings.Outstanding} in flight each");
        if (settings.Requests is { } requests)
            text.Append($", {Count(requests, "request")}");
        if (settings.Duration is { } duration)
            text.Append($", for {duration.TotalSeconds:0.###} s");
        return text.ToString();
    }

    public static string Line(LoadProgress now, (double Rate, LatencyHistogram Latency) recent)
    {
        var latency = recent.Latency;
        var text = new StringBuilder($"{now.Elapsed.TotalSeconds,5:F1} s  {recent.Rate,9:#,0} answers/s  ");
        if (latency.Count > 0)
            text.Append($"p50 {Ms(latency.Percentile(50))}  p99 {Ms(latency.Percentile(99))}  ");
        text.Append($"in flight {now.InFlight}  ok {now.Of(ResponseStatus.Ok):#,0}");
        foreach (var (name, count) in Others(now))
            text.Append($"  {name} {count:#,0}");
        return text.ToString();
    }

    /// <summary>The outcomes other than <c>ok</c> that occurred, with their counts.</summary>
    public static IEnumerable<(string Name, long Count)> Others(LoadProgress progress) =>
        Enum.GetValues<ResponseStatus>().Where(status => status != ResponseStatus.Ok).Select(status => (ResponseStatuses.Name(status), progress.Of(status)))
            .Append(("no answer", progress.NoAnswer))
            .Append(("throttled", progress.Throttled))
            .Append(("not sent", progress.NotSent))
            .Where(other => other.Item2 > 0);

    public static string Ms(double nanoseconds) => nanoseconds / NanosecondsPerMs is var ms && ms < 10 ? $"{ms:F3} ms" : $"{ms:#,0.0} ms";

    private static string TransportText(ClientTransport transport) => transport switch
    {
        ClientTransport.Udp => "",
        ClientTransport.Tcp => " over TCP",
        _ => ", direct to servers",
    };

    private static string Count(long count, string what) => $"{count:#,0} {what}{(count == 1 ? "" : "s")}";
}
