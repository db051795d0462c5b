using System.CommandLine;
using Shortline.System.Tests.Hostile;

namespace Shortline.Bench.Hostile;

/// <summary>The command line of the benchmark of hostile input.</summary>
internal static class HostileCommand
{
    private static readonly Option<double> Rate = new("--rate") { Description = "Good requests a second.", DefaultValueFactory = _ => 5000 };

    private static readonly Option<double> Flood = new("--flood") { Description = "Hostile datagrams a second.", DefaultValueFactory = _ => 100_000 };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Length of each attack in seconds. At 100,000 a second, 25 send 2.5 million datagrams of each of the four kinds.",
        DefaultValueFactory = _ => 25,
    };

    private static readonly string[] Names = [.. Attack.All.Select(attack => attack.Name), LongRequests.Name];

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = $"The attacks: {string.Join(", ", Names)}. Default: all.",
        DefaultValueFactory = _ => Names,
        AllowMultipleArgumentsPerToken = true,
    };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Attacks a gateway beside good clients, and shows whether these are answered and the process grows.") { Rate, Flood, Seconds, Only };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(Rate), parsed.GetValue(Flood), parsed.GetValue(Seconds), parsed.GetValue(Only)!, cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static Task<int> RunAsync(double rate, double flood, double seconds, string[] only, CancellationToken cancellationToken)
    {
        var attacks = Attack.All.Where(attack => only.Contains(attack.Name, StringComparer.Ordinal)).ToList();
        if (Array.TrueForAll(only, Names.Contains) && rate is >= 1 and <= 1_000_000 && flood is >= 1 and <= 10_000_000 && seconds is >= 1 and <= 3600)
            return HostileBenchmark.RunAsync(rate, flood, TimeSpan.FromSeconds(seconds), attacks, only.Contains(LongRequests.Name), cancellationToken);
        Console.Error.WriteLine("--rate: allowed is 1 to 1000000; --flood: 1 to 10000000; --seconds: 1 to 3600; --only: see --help.");
        return Task.FromResult(1);
    }
}
