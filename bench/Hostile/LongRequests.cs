using System.Net;
using System.Text;
using Shortline.Bench.Udp;
using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;
using Shortline.System.Tests.Processes;

namespace Shortline.Bench.Hostile;

/// <summary>
/// Sends requests of 60 kB that take 10 s to a silo with a gateway and <c>load_balancer.memory_limit</c>, many more than it can do. Each must be
/// answered, and the memory of the process must stay bounded.
/// </summary>
internal static class LongRequests
{
    /// <summary>Its name on the command line.</summary>
    internal const string Name = "long requests";

    private const int Bytes = 60_000;
    private const double Rate = 2000;
    private const int MemoryLimit = 256;
    private const int MostMegabytes = 512;
    private const int TimeoutMs = 15_000;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <returns>Whether all requests were answered and the memory was bounded.</returns>
    internal static async Task<bool> RunAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var target = await SiloProcess.StartAsync(
            Targets.InSilo, servers: 4, silos: 1, ["--load_balancer:memory_limit", $"{MemoryLimit}"], cancellationToken);
        var process = target.Processes[0];
        var before = ProcessSize.Of(process.Id);
        using var driver = new LoadDriver(new LoadSettings
        {
            Gateways = [new IPEndPoint(IPAddress.Loopback, target.Port)],
            Clients = 16,
            Rate = Rate,
            Duration = length,
            Operation = "compute",
            TimeoutMs = TimeoutMs,
            Retries = 3,
            Throttle = false,

            // Blanks are valid wherever a JSON object may have them.
            Payload = Encoding.UTF8.GetBytes($"{{\"seconds\":10{new string(' ', Bytes)}}}"),
        });
        var run = driver.RunAsync(cancellationToken);
        var most = 0;
        while (!run.IsCompleted)
        {
            if (process.HasExited)
                throw new TargetFailedException($"The silo ended under long requests. {process.LastLines}");
            most = Math.Max(most, ProcessSize.Of(process.Id).Megabytes);
            await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
        }

        var end = await run;
        var table = new TextTable(["requests of 60 kB", "ok", "rejected", "expired", "no answer", "before", "most MB", "verdict"]);
        var isOk = end.NoAnswer == 0 && most < MostMegabytes;
        table.Add([
            $"{end.Ended:N0}", $"{end.Of(ResponseStatus.Ok):N0}", $"{end.Of(ResponseStatus.Rejected):N0}", $"{end.Of(ResponseStatus.Expired):N0}",
            $"{end.NoAnswer:N0}", $"{before}", $"{most}", isOk ? "ok" : end.NoAnswer > 0 ? "LOSES" : "GROWS",
        ]);
        Console.WriteLine();
        Console.WriteLine($"{Rate:N0} a second of 60 kB that take 10 s, load_balancer.memory_limit {MemoryLimit}:");
        table.Write(Console.Out);
        return isOk;
    }
}
