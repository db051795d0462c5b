using System.CommandLine;
using System.Globalization;
using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Choice;

/// <summary>The command line of the benchmark of choices.</summary>
internal static class ChoiceCommand
{
    private const int MostServers = 100_000;

    private static readonly Option<int[]> Servers = new("--servers")
    {
        Description = $"Numbers of servers, separated by spaces, 1 to {MostServers}.",
        DefaultValueFactory = _ => [10, 100, 1000, 10_000],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> Seconds = new("--seconds") { Description = "Seconds of each measurement, above 0.", DefaultValueFactory = _ => 0.5 };

    internal static int Run(string[] arguments)
    {
        Servers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int[]>()?.All(count => count is >= 1 and <= MostServers) != true)
                result.AddError($"--servers: allowed are numbers from 1 to {MostServers}.");
        });
        Seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 60))
                result.AddError("--seconds: allowed is above 0, to 60.");
        });
        var command = new RootCommand("Measures what the choice of a server costs with each algorithm: nanoseconds and allocated bytes.") { Servers, Seconds };
        command.SetAction(parsed => Write(parsed.GetValue(Servers)!, TimeSpan.FromSeconds(parsed.GetValue(Seconds)), Console.Out));
        return command.Parse(arguments).Invoke();
    }

    private static void Write(int[] servers, TimeSpan time, TextWriter output)
    {
        var table = new TextTable(["ns (bytes) per request", .. servers.Select(count => $"{count} servers")]);
        foreach (var name in BalancingPolicies.Names)
            table.Add([$"`{name}`", .. servers.Select(count => Measure(name, count, time))]);
        table.Write(output);
    }

    private static string Measure(string algorithm, int servers, TimeSpan time)
    {
        var benchmark = new ChoiceBenchmark(algorithm, servers);
        benchmark.WarmUp();
        var (nanoseconds, bytes) = benchmark.Measure(time);
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ({bytes:0.#})");
    }
}
