using System.CommandLine;

namespace Shortline.Bench.Overload;

/// <summary>The command line of the overload benchmark.</summary>
internal static class OverloadCommand
{
    private static readonly Option<double[]> Loads = new("--loads")
    {
        Description = "Offered loads as multiples of what the fleet can do.",
        DefaultValueFactory = _ => [0.8, 1.5, 3, 10],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Servers = new("--servers") { Description = "Servers, each with one worker.", DefaultValueFactory = _ => 4 };

    private static readonly Option<double> Seconds = new("--seconds") { Description = "Length of each load in seconds.", DefaultValueFactory = _ => 15 };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = $"The kinds of work: {string.Join(", ", OverloadWork.All.Select(work => work.Name))}. Default: all.",
        DefaultValueFactory = _ => [.. OverloadWork.All.Select(work => work.Name)],
        AllowMultipleArgumentsPerToken = true,
    };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Offers a fleet more than it can do, and shows what it completes in time, with and without refusing.") { Loads, Servers, Seconds, Only };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(Loads)!, parsed.GetValue(Servers), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), parsed.GetValue(Only)!, cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static Task<int> RunAsync(double[] loads, int servers, TimeSpan length, string[] only, CancellationToken cancellationToken)
    {
        var works = OverloadWork.All.Where(work => only.Contains(work.Name, StringComparer.Ordinal)).ToList();
        if (works.Count == only.Length && Array.TrueForAll(loads, load => load is > 0 and <= 100) && servers is >= 1 and <= 1000 && length.TotalSeconds is >= 1 and <= 3600)
            return OverloadBenchmark.RunAsync(loads, servers, length, works, cancellationToken);
        Console.Error.WriteLine("--loads: allowed is above 0 and at most 100; --servers: 1 to 1000; --seconds: 1 to 3600; --only: see --help.");
        return Task.FromResult(1);
    }
}
