using System.Diagnostics;
using Shortline.Bench.Udp;

namespace Shortline.Bench.Connections;

/// <summary>
/// Runs two rounds of connections with one request each: a cold one, in which the gateway's code is still being compiled, and a warm one. An
/// answer that is missing is a fault of the gateway, because TCP loses nothing.
/// </summary>
internal static class ConnectionsBenchmark
{
    /// <returns>0 if every request was answered, else 1.</returns>
    internal static async Task<int> RunAsync(int count, int atOnce, CancellationToken cancellationToken)
    {
        Console.WriteLine(Machine.Describe());
        var table = new TextTable(["round", "connections", "answered", "missing", "connections/s"]);
        var missing = 0;
        using (var target = await SiloProcess.StartAsync(Targets.InSilo, servers: 2, silos: 1, [], cancellationToken))
        {
            foreach (var (round, first) in ((string, int)[])[("cold", 0), ("warm", count)])
            {
                var started = Stopwatch.GetTimestamp();
                var answered = await OpenAllAsync(target.Port, first, count, atOnce, cancellationToken);
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                missing += count - answered;
                table.Add([round, $"{count:N0}", $"{answered:N0}", $"{count - answered:N0}", $"{count / seconds:N0}"]);
                Console.Error.WriteLine($"{round}: {answered:N0} of {count:N0} answered");
            }
        }

        Console.WriteLine();
        table.Write(Console.Out);
        return missing == 0 ? 0 : 1;
    }

    /// <returns>The number of requests that were answered with ok.</returns>
    private static async Task<int> OpenAllAsync(int port, int first, int count, int atOnce, CancellationToken cancellationToken)
    {
        var answered = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(first, count), options, async (number, token) =>
        {
            if (await OneRequest.IsAnsweredAsync(port, number, token))
                Interlocked.Increment(ref answered);
        });
        return answered;
    }
}
