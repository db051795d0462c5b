using System.CommandLine;

namespace Shortline.Bench.Connections;

/// <summary>The command line of the benchmark of connections.</summary>
internal static class ConnectionsCommand
{
    /// <summary>Below the default of <c>load_balancer.max_connections</c>, so that none is turned away.</summary>
    private const int MostAtOnce = 512;

    private static readonly Option<int> Count = new("--count")
    {
        Description = "Number of connections in each round.",
        DefaultValueFactory = _ => 100_000,
    };

    private static readonly Option<int> AtOnce = new("--at-once")
    {
        Description = "Number of connections that are open at the same time.",
        DefaultValueFactory = _ => 128,
    };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Opens connections that send one request, close their side and read the answer, right after the start of a gateway and again.")
        {
            Count,
            AtOnce,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(Count), parsed.GetValue(AtOnce), cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static Task<int> RunAsync(int count, int atOnce, CancellationToken cancellationToken)
    {
        if (count is >= 1 and <= 10_000_000 && atOnce is >= 1 and <= MostAtOnce)
            return ConnectionsBenchmark.RunAsync(count, atOnce, cancellationToken);
        Console.Error.WriteLine($"--count: allowed is 1 to 10000000; --at-once: 1 to {MostAtOnce}.");
        return Task.FromResult(1);
    }
}
