using System.CommandLine;

namespace Shortline.Bench.Loss;

/// <summary>The command line of the loss benchmark.</summary>
internal static class LossCommand
{
    private static readonly Option<double> Rate = new("--rate")
    {
        Description = "Requests a second, on schedule whatever comes back.",
        DefaultValueFactory = _ => 5000,
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Length of each run; what happens, happens after a third of it.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "Runs of each scenario, with retries and without.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Scenarios to run, several separated by spaces: " + ScenarioNames(),
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> ConnectionString = new("--connection-string")
    {
        Description = "A PostgreSQL database for the membership; without it a SQLite file is used.",
    };

    private static readonly Option<FileInfo?> Report = new("--report") { Description = "Also writes the tables to this file." };

    private static readonly Option<DirectoryInfo?> Logs = new("--logs") { Description = "Writes what the processes log to a file for each run, in this folder." };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("What clients lose when processes of a fleet are killed, stopped, ended and started under load.")
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
