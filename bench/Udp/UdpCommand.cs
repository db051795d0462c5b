using System.CommandLine;
using Shortline.Bench.Load;

namespace Shortline.Bench.Udp;

/// <summary>The command line of the UDP benchmark.</summary>
internal static class UdpCommand
{
    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Length of each measurement in seconds.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<double> WarmUp = new("--warmup")
    {
        Description = "Seconds of load on each target before the first round, while .NET compiles its hot code.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "Number of measurements of each target at each load; the table has the median.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<int[]> Outstanding = new("--outstanding")
    {
        Description = "Numbers of outstanding requests, separated by spaces; 1 measures latency.",
        DefaultValueFactory = _ => [1, 64, 512],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Peers = new("--peers")
    {
        Description = "Number of sockets that the load comes from; at most one per outstanding request.",
        DefaultValueFactory = _ => 16,
    };

    private static readonly Option<int> Servers = new("--servers")
    {
        Description = "Number of servers behind Shortline's gateway.",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<int> Silos = new("--silos")
    {
        Description = "Number of silos behind a gateway that is a process of its own.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Targets to run, separated by spaces (portable and wildcard run only if named): " + TargetNames(),
        AllowMultipleArgumentsPerToken = true,
    };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Measures requests a second, latency and processor time of Shortline and of UDP echo servers.")
        {
            Seconds,
            WarmUp,
            Rounds,
            Outstanding,
            Peers,
            Servers,
            Silos,
            Only,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(ToOptions(parsed), cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static Task<int> RunAsync(UdpOptions options, CancellationToken cancellationToken)
    {
        string[] faults = [.. Faults(options)];
        foreach (var fault in faults)
            Console.Error.WriteLine(fault);
        return faults.Length == 0 ? UdpBenchmark.RunAsync(options, cancellationToken) : Task.FromResult(1);
    }

    private static UdpOptions ToOptions(ParseResult parsed) =>
        new()
        {
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(WarmUp)),
            Rounds = parsed.GetValue(Rounds),
            Outstanding = parsed.GetValue(Outstanding)!,
            Peers = parsed.GetValue(Peers),
            Servers = parsed.GetValue(Servers),
            Silos = parsed.GetValue(Silos),
            Only = parsed.GetValue(Only) ?? [],
        };

    private static IEnumerable<string> Faults(UdpOptions options)
    {
        if (options.Duration.TotalSeconds is < 0.1 or > 600)
            yield return "--seconds: allowed is 0.1 to 600.";
        if (options.WarmUp.TotalSeconds is < 0 or > 600)
            yield return "--warmup: allowed is 0 to 600.";
        if (options.Rounds is < 1 or > 100)
            yield return "--rounds: allowed is 1 to 100.";
        if (options.Outstanding.Any(count => count is < 1 or > ClosedLoop.Limit))
            yield return $"--outstanding: allowed is 1 to {ClosedLoop.Limit}.";
        if (options.Peers is < 1 or > LoadPeers.Limit)
            yield return $"--peers: allowed is 1 to {LoadPeers.Limit}.";
        if (options.Servers is < 1 or > 10_000)
            yield return "--servers: allowed is 1 to 10000.";
        if (options.Silos < 1 || options.Silos > Math.Min(20, options.Servers))
            yield return "--silos: allowed is 1 to 20, and no more than there are servers.";
        foreach (var unknown in options.Only.Except(Targets.All(1, 1).Select(target => target.Name), StringComparer.Ordinal))
            yield return $"--only: there is no {unknown}; allowed are {TargetNames()}.";
    }

    private static string TargetNames() => string.Join(", ", Targets.All(1, 1).Select(target => target.Name));
}
