namespace Shortline.Bench.Loss;

/// <summary>Runs every scenario, with client retries and without.</summary>
internal static class LossBenchmark
{
    /// <returns>
    /// 0 if every run was within its bounds; 1 if one was not, or could not be measured; 130 if the user stopped the benchmark.
    /// </returns>
    internal static async Task<int> RunAsync(LossOptions options, CancellationToken cancellationToken)
    {
        var chosen = LossScenarios.All.Where(scenario => options.Only.Count == 0 || options.Only.Contains(scenario.Name, StringComparer.Ordinal)).ToArray();
        using var report = options.Report?.CreateText();
        Say(Machine.Describe(), report);
        Say($"Membership in {Membership(options)}; {options.Rate:N0} requests/s for {options.Duration.TotalSeconds:0.#} s, the scenario happens after a third of it; 2 gateways, 4 servers", report);
        foreach (var scenario in chosen)
            Say($"  {scenario.Name,-16} {scenario.Description}", report);

        List<LossResult> results = [];
        var failed = false;
        try
        {
            foreach (var scenario in chosen)
            {
                for (var round = 0; round < options.Rounds; round++)
                    failed |= !await TryAsync(scenario, retries: true, options, results, cancellationToken) | !await TryAsync(scenario, retries: false, options, results, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            Say("Stopped.", report);
            return 130;
        }
        finally
        {
            Say("", report);
            foreach (var output in (TextWriter?[])[Console.Out, report])
            {
                if (output is not null && results.Count > 0)
                    LossReport.Write(results, output);
            }
        }

        return failed || results.Exists(result => !result.Passed) ? 1 : 0;
    }

    private static async Task<bool> TryAsync(LossScenario scenario, bool retries, LossOptions options, List<LossResult> results, CancellationToken cancellationToken)
    {
        var what = $"{scenario.Name}, {(retries ? "with" : "without")} retries";
        try
        {
            var result = await LossRun.RunAsync(scenario, retries, options, cancellationToken);
            results.Add(result);
            Console.Error.WriteLine($"{what}: {result.Lost} of {result.Sent} lost, {(result.Passed ? "PASS" : "OVER")}");
            return true;
        }
        catch (TargetFailedException fault)
        {
            Console.Error.WriteLine($"{what}: not measured. {fault.Message}");
            return false;
        }
        catch (TimeoutException)
        {
            Console.Error.WriteLine($"{what}: not measured. A silo did not end within the limit.");
            return false;
        }
    }

    private static string Membership(LossOptions options) => options.ConnectionString is null ? "a SQLite file" : "PostgreSQL";

    private static void Say(string line, TextWriter? report)
    {
        Console.WriteLine(line);
        report?.WriteLine(line);
    }
}
