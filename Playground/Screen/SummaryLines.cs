using Shortline.Client.Tool.Load;
using Shortline.Hosting.Text;
using Shortline.Playground.Run;
using Shortline.Protocol.Responses;

namespace Shortline.Playground.Screen;

/// <summary>Formats the summary as lines of text, on a terminal and elsewhere.</summary>
internal static class SummaryLines
{
    private const int LongestList = 20;
    private const int Label = 12;

    public static IEnumerable<string> Of(PlaySummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var (last, load) = (summary.Last, summary.Last.Load);
        yield return "Summary";
        yield return Line("run", $"{load.Elapsed.TotalSeconds:0.0} s, {last.Algorithm}, {Figures.Count(last.Clients, "client")}, {StatusLines.Describe(last.Operation)}");
        yield return Line("requests", $"{load.Started} started, {load.Of(ResponseStatus.Ok)} ok, {Outcomes.Lost(load)} lost, {Figures.Rate(load.Rate)}");
        yield return Line("answers", string.Join("  ", Outcomes.WorthSaying(load).Select(outcome => $"{outcome.Name} {outcome.Count}")));
        yield return Line("latency", Latency(load.Latency));
        yield return Line("retries", $"{load.Retries} requests sent again");
        if (load.FirstError is { } error)
            yield return Line("first error", SafeText.Of(error, 200));
        foreach (var line in Shares(last))
            yield return line;
        foreach (var line in Listed("fleet", summary.Sizes, size => $"{Figures.Clock(size.At),6}  {Figures.Count(size.Ready, "server")} ready"))
            yield return line;
        foreach (var line in Listed("events", last.Events, happened => $"{Figures.Clock(last.Since(happened.At)),6}  {happened.Text}"))
            yield return line;
        if (summary.Logs is { } logs)
            yield return Line("logs", logs);
        yield return Verdict(summary);
    }

    private static string Verdict(PlaySummary summary)
    {
        var load = summary.Last.Load;
        return summary.AllOk ? "Every request was answered ok."
            : load.Started == 0 ? "No request was sent."
            : $"{load.Started - load.Of(ResponseStatus.Ok)} of {load.Started} requests were not answered ok.";
    }

    private static string Latency(LatencyHistogram latency) => latency.Count == 0
        ? "no answer"
        : string.Join("  ", new[] { 50, 90, 99, 99.9 }.Select(percent => $"p{percent} {Figures.Latency(latency.Percentile(percent))}"))
            + $"  max {Figures.Latency(latency.MaxNanoseconds)}";

    private static IEnumerable<string> Shares(PlayView last)
    {
        var servers = last.Load.Servers;
        var sum = Math.Max(1, servers.Values.Sum());
        var weights = last.Servers.ToDictionary(server => server.Id, server => server.Weight, StringComparer.Ordinal);
        var weighs = weights.Values.Distinct().Count() > 1;
        return servers.Select((server, i) => Line(
            i == 0 ? "servers" : "",
            $"{server.Key,4}  {server.Value,9} answers  {Figures.Share((double)server.Value / sum),7}"
                + (weighs && weights.TryGetValue(server.Key, out var weight) ? $"  weight {weight}" : "")));
    }

    /// <summary>A list behind a label; only its end if it is long.</summary>
    private static IEnumerable<string> Listed<T>(string label, IReadOnlyList<T> items, Func<T, string> text)
    {
        var left = Math.Max(0, items.Count - LongestList);
        if (left > 0)
            yield return Line(label, $"        ({left} earlier)");
        for (var i = left; i < items.Count; i++)
            yield return Line(i == 0 ? label : "", text(items[i]));
    }

    private static string Line(string label, string text) => $"  {label.PadRight(Label)}{text}";
}
