namespace Shortline.Bench.Loss;

/// <summary>Writes the table, with one row per run, and notes on the runs.</summary>
internal static class LossReport
{
    internal static void Write(IReadOnlyList<LossResult> results, TextWriter output)
    {
        var table = new TextTable(
            ["scenario", "retries", "sent", "ok", "lost", "% lost", "% allowed", "answered twice", "p99.9 ms", "max ms", "verdict"]);
        foreach (var result in results)
            table.Add(Row(result));
        table.Write(output);
        output.WriteLine();
        foreach (var result in results)
        {
            foreach (var note in Notes(result))
                output.WriteLine($"{result.Scenario.Name}, {(result.Retries ? "with" : "without")} retries: {note}");
        }
    }

    private static string[] Row(LossResult result) =>
        [
            result.Scenario.Name,
            result.Retries ? $"{result.End.Retries:N0}" : "off",
            $"{result.Sent:N0}",
            $"{result.Ok:N0}",
            $"{result.Lost:N0}",
            $"{100 * result.Share:0.000}",
            result.Allowed is { } allowed ? $"{100 * allowed:0.###}" : "-",
            $"{result.End.AnsweredTwice:N0}",
            $"{result.End.Latency.Percentile(99.9) / 1e6:N1}",
            $"{result.End.Latency.MaxNanoseconds / 1e6:N1}",
            result.Passed ? "PASS" : "OVER",
        ];

    private static IEnumerable<string> Notes(LossResult result)
    {
        if (result.Lost > 0)
            yield return $"lost: {result.How}; the first: {result.End.FirstError ?? "no answer"}";
        if (result.End.NotSent > 0)
            yield return $"{result.End.NotSent:N0} requests could not be sent in time, because the machine was too busy; they are not counted";
        if (result.SlowShare is { } share)
            yield return $"the slow server answered {100 * share:0.0} % of the requests; {100 * result.Scenario.SlowShareAllowed:0} % would be its even share";
    }
}
