using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shortline.Balancing;
using Shortline.Client;

namespace Shortline.Bench;

/// <summary>
/// Sends <c>compute</c> requests of exponential length at random moments to a real fleet, under one algorithm after the other, and prints how long they were in the system,
/// in service times, next to what the simulator says. Arrivals do not wait for answers.
/// </summary>
internal static class AlgorithmsBenchmark
{
    private const int CalibrationsPerServer = 400;
    private const double CalibrationMs = 10;

    internal static async Task RunAsync(AlgorithmsOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        var table = new TextTable(["algorithm", "mean", "simulated", "p99", "simulated", "requests", "not ok"]);
        foreach (var algorithm in options.Algorithms)
        {
            using var fleet = await RealFleet.StartAsync(options, algorithm, cancellationToken);
            var serviceMs = await ServiceMsAsync(fleet.Clients, options);
            var (times, failed) = await DriveAsync(fleet, options, serviceMs);
            var simulated = FleetModel.Run(new FleetModelSettings
            {
                Algorithm = algorithm,
                Speeds = [.. Enumerable.Repeat(1.0, options.Servers)],
                Load = options.Load,
                Gateways = options.Gateways,
                ServiceMs = serviceMs,
                Seed = options.Seed,
            });
            Array.Sort(times);
            var (mean, p99) = (times.Average() / serviceMs, times[(int)(0.99 * (times.Length - 1))] / serviceMs);
            table.Add([algorithm, Number(mean), Number(simulated.Mean), Number(p99), Number(simulated.P99), $"{times.Length}", $"{failed}"]);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{algorithm}: mean {mean:F2}, simulated {simulated.Mean:F2}; a service takes {serviceMs:F1} ms"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Servers} servers, load {options.Load}, gateways: {options.Gateways}; times in the system, in mean service times of {options.ServiceMs} ms\n"));
        table.Write(output);
    }

    /// <summary>
    /// How long a service of the mean length really keeps a server: its timer is not exact, and the next request takes a moment to begin. Measured on long lines of short
    /// services, from how many end in the time in which all servers certainly have some.
    /// </summary>
    private static async Task<double> ServiceMsAsync(List<ShortlineClient> clients, AlgorithmsOptions options)
    {
        var random = new Random(options.Seed);
        var count = options.Servers * CalibrationsPerServer;
        var drawn = Enumerable.Range(0, count).Select(_ => Exponential(random) * CalibrationMs).ToList();
        var times = await Task.WhenAll(drawn.Select((ms, i) => TimeAsync(clients[i % clients.Count], Payload(ms))));
        Array.Sort(times);
        var (from, to) = (count / 5, count * 7 / 10);
        var took = (times[to] - times[from]) * options.Servers / (to - from);
        return options.ServiceMs + took - drawn.Average();
    }

    private static async Task<(double[] TimesMs, int Failed)> DriveAsync(RealFleet fleet, AlgorithmsOptions options, double serviceMs)
    {
        var random = new Random(options.Seed);
        var gapMs = serviceMs / (options.Load * options.Servers);
        var requests = (int)(options.Duration.TotalMilliseconds / gapMs);
        var replies = new Task<double>[requests];
        var begun = Stopwatch.GetTimestamp();
        var atMs = 0.0;
        for (var i = 0; i < requests; i++)
        {
            atMs += Exponential(random) * gapMs;
            var payload = Payload(Exponential(random) * options.ServiceMs);
            var client = fleet.Clients[random.Next(fleet.Clients.Count)];
            if (atMs - Stopwatch.GetElapsedTime(begun).TotalMilliseconds is var aheadMs and > 1)
                await Task.Delay(TimeSpan.FromMilliseconds(aheadMs), TimeProvider.System);
            replies[i] = TimeAsync(client, payload);
        }

        var times = await Task.WhenAll(replies);
        var counted = times[(requests / 10)..];
        return ([.. counted.Where(time => time >= 0)], counted.Count(time => time < 0));
    }

    /// <returns>Milliseconds; below 0 if it was not answered ok.</returns>
    private static async Task<double> TimeAsync(ShortlineClient client, byte[] payload)
    {
        var reply = await client.SendAsync("compute", payload);
        return reply.IsOk ? reply.Elapsed.TotalMilliseconds : -1;
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    private static byte[] Payload(double ms) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"seconds\":{ms / 1000:F6}}}"));

    private static string Number(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}
