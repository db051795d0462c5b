using System.CommandLine;

namespace Shortline.Bench.Loss;

/// <summary>The command line of the loss benchmark.</summary>
internal static class LossCommand
{
    private static readonly Option<double> Rate = new("--rate")
    {
        Description = "Requests a second, on a schedule that does not depend on responses.",
        DefaultValueFactory = _ => 5000,
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Length of each run in seconds. The scenario happens after a third of it.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "Number of runs of each scenario, each with and without retries.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Scenarios to run, separated by spaces: " + ScenarioNames(),
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> ConnectionString = new("--connection-string")
    {
        Description = "A PostgreSQL database for the membership. Without it, the membership is in a SQLite file.",
    };

    private static readonly Option<FileInfo?> Report = new("--report") { Description = "Also writes the tables to this file." };

    private static readonly Option<DirectoryInfo?> Logs = new("--logs") { Description = "Writes the logs of all processes into this folder, one file per run." };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Measures what clients lose when processes of a fleet are killed, stopped, ended and started under load.")
        {
            Rate,
            Seconds,
            Rounds,
            Only,
            ConnectionString,
            Report,
            Logs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(ToOptions(parsed), cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static Task<int> RunAsync(LossOptions options, CancellationToken cancellationToken)
    {
        string[] faults = [.. Faults(options)];
        foreach (var fault in faults)
            Console.Error.WriteLine(fault);
        return faults.Length == 0 ? LossBenchmark.RunAsync(options, cancellationToken) : Task.FromResult(1);
    }

    private static LossOptions ToOptions(ParseResult parsed) =>
        new()
        {
            Rate = parsed.GetValue(Rate),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Rounds = parsed.GetValue(Rounds),
            Only = parsed.GetValue(Only) ?? [],
            ConnectionString = parsed.GetValue(ConnectionString),
            Report = parsed.GetValue(Report),
            Logs = parsed.GetValue(Logs),
        };

    private static IEnumerable<string> Faults(LossOptions options)
    {
        if (options.Rate is < 1 or > 1_000_000)
            yield return "--rate: allowed is 1 to 1000000.";
        if (options.Duration.TotalSeconds is < 1 or > 600)
            yield return "--seconds: allowed is 1 to 600.";
        if (options.Rounds is < 1 or > 100)
            yield return "--rounds: allowed is 1 to 100.";
        foreach (var unknown in options.Only.Except(LossScenarios.All.Select(scenario => scenario.Name), StringComparer.Ordinal))
            yield return $"--only: there is no {unknown}; allowed are {ScenarioNames()}.";
    }

    private static string ScenarioNames() => string.Join(", ", LossScenarios.All.Select(scenario => scenario.Name));
}
