using System.CommandLine;

namespace Shortline.Bench.Soak;

/// <summary>The command line of the soak benchmark.</summary>
internal static class SoakCommand
{
    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "Length of the load in minutes.",
        DefaultValueFactory = _ => 60,
    };

    private static readonly Option<double> Rate = new("--rate")
    {
        Description = "Requests a second of each kind: UDP, TCP and direct.",
        DefaultValueFactory = _ => 1000,
    };

    private static readonly Option<double> EventSeconds = new("--event-seconds")
    {
        Description = "Seconds between two events: a silo is killed or ended and another one started, an external server leaves and another one joins.",
        DefaultValueFactory = _ => 60,
    };

    internal static Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Keeps a fleet under mixed load while silos and external servers come and go, and shows whether its processes grow.")
        {
            Minutes,
            Rate,
            EventSeconds,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            TimeSpan.FromMinutes(parsed.GetValue(Minutes)), parsed.GetValue(Rate), TimeSpan.FromSeconds(parsed.GetValue(EventSeconds)), cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static Task<int> RunAsync(TimeSpan length, double rate, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (length.TotalMinutes is >= 1 and <= 10_000 && rate is >= 1 and <= 1_000_000 && pause.TotalSeconds is >= 10 and <= 3600)
            return SoakBenchmark.RunAsync(length, rate, pause, cancellationToken);
        Console.Error.WriteLine("--minutes: allowed is 1 to 10000; --rate: 1 to 1000000; --event-seconds: 10 to 3600.");
        return Task.FromResult(1);
    }
}
