using System.CommandLine;
using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Algorithms;

/// <summary>The command line of the algorithms benchmark.</summary>
internal static class AlgorithmsCommand
{
    private static readonly Option<string[]> Algorithms = new("--algorithms")
    {
        Description = "Algorithms, separated by spaces: " + string.Join(", ", BalancingPolicies.Names),
        DefaultValueFactory = _ => [.. BalancingPolicies.Names],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Servers = new("--servers") { Description = "Number of servers; each has one worker.", DefaultValueFactory = _ => 10 };

    private static readonly Option<int[]> Weights = new("--weights")
    {
        Description = "Weights of the servers, separated by spaces, instead of --servers. The speed of a server is proportional to its weight.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Gateways = new("--gateways")
    {
        Description = "Number of gateways; each request goes to a random one. A single gateway runs in the silo, several are processes of their own.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double> Load = new("--load")
    {
        Description = "Work that arrives, as a fraction of the capacity of all servers.",
        DefaultValueFactory = _ => 0.9,
    };

    private static readonly Option<double> ServiceMs = new("--service-ms") { Description = "Mean service time in milliseconds.", DefaultValueFactory = _ => 50 };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Length of each run in seconds; its first tenth is not counted.",
        DefaultValueFactory = _ => 60,
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Seed of arrivals and service times, which are the same for all algorithms.",
        DefaultValueFactory = _ => 1,
    };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Measures response times of a real fleet with each algorithm, for exponential service times and random arrivals, and prints them beside those of the simulator.")
        {
            Algorithms, Servers, Weights, Gateways, Load, ServiceMs, Seconds, Seed,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new AlgorithmsOptions
            {
                Algorithms = parsed.GetValue(Algorithms)!,
                Weights = parsed.GetValue(Weights) is { Length: > 0 } weights ? weights : [.. Enumerable.Repeat(1, Math.Clamp(parsed.GetValue(Servers), 0, 1000))],
                Gateways = parsed.GetValue(Gateways),
                Load = parsed.GetValue(Load),
                ServiceMs = parsed.GetValue(ServiceMs),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
                Seed = parsed.GetValue(Seed),
            },
            cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task<int> RunAsync(AlgorithmsOptions options, CancellationToken cancellationToken)
    {
        string[] faults = [.. Faults(options)];
        foreach (var fault in faults)
            Console.Error.WriteLine(fault);
        if (faults.Length > 0)
            return 1;

        try
        {
            await AlgorithmsBenchmark.RunAsync(options, Console.Out, cancellationToken);
            return 0;
        }
        catch (TargetFailedException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static IEnumerable<string> Faults(AlgorithmsOptions options)
    {
        foreach (var unknown in options.Algorithms.Where(name => !BalancingPolicies.Exists(name)))
            yield return $"--algorithms: there is no {unknown}; allowed are {string.Join(", ", BalancingPolicies.Names)}.";
        if (options.Weights.Count is < 1 or > 100)
            yield return "--servers: allowed is 1 to 100.";
        if (options.Weights.Any(weight => weight is < 1 or > 1000))
            yield return "--weights: each from 1 to 1000.";
        if (options.Gateways is < 1 or > 16)
            yield return "--gateways: allowed is 1 to 16.";
        if (options.Load is not (> 0 and < 1))
            yield return "--load: allowed is above 0 and below 1; at 1 and above the queues grow without limit.";
        if (options.ServiceMs is not (>= 1 and <= 10_000))
            yield return "--service-ms: allowed is 1 to 10000.";
        if (options.Duration.TotalSeconds is < 1 or > 3600)
            yield return "--seconds: allowed is 1 to 3600.";
    }
}
