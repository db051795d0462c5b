using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shortline.Bench.Simulation.Model;
using Shortline.Client;

namespace Shortline.Bench.Algorithms;

/// <summary>
/// Sends requests with exponential service times at random moments to a real fleet, with one algorithm after the other, and prints the
/// response times beside those of the simulator. Arrivals do not wait for responses. The unit is the mean service time that the servers
/// measured.
/// </summary>
internal static class AlgorithmsBenchmark
{
    /// <summary>Requests that measure the service time before a run.</summary>
    private const int Calibrations = 400;

    internal static async Task RunAsync(AlgorithmsOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Speeds.Count} servers, gateways: {options.Gateways}; response times in mean service times of a server of speed 1, about {options.ServiceMs} ms"));
        output.WriteLine("load: the share of time that the servers were busy; share: the share of requests of the server that deviates most from its weight, and its share by weight\n");
        var table = new TextTable(["algorithm", "load", "mean", "simulated", "p99", "simulated", "share", "requests", "not ok"]);
        foreach (var algorithm in options.Algorithms)
        {
            using var fleet = await RealFleet.StartAsync(options, algorithm, cancellationToken);
            var replies = await RunLoadAsync(fleet, options, await ServiceMsAsync(fleet.Clients[0], options));
            Add(table, options, algorithm, replies);
        }

        table.Write(output);
    }

    private static void Add(TextTable table, AlgorithmsOptions options, string algorithm, (TimedReply[] Replies, double Seconds) run)
    {
        var ok = run.Replies.Where(reply => reply.IsOk).ToArray();
        var serviceMs = ok.Average(reply => reply.ServiceMs * options.Speeds[reply.Server]);
        var load = ok.Sum(reply => reply.ServiceMs) / (1000 * run.Seconds * options.Speeds.Count);
        var times = ok.Select(reply => reply.ResponseMs).Order().ToArray();
        var (mean, p99) = (times.Average() / serviceMs, times[(int)(0.99 * (times.Length - 1))] / serviceMs);
        var simulated = FleetModel.Run(new FleetModelSettings
        {
            Algorithm = algorithm,
            Speeds = options.Speeds,
            Weights = options.Weights,
            Load = options.Load,
            Gateways = options.Gateways,
            ServiceMs = serviceMs,
            Seed = options.Seed,
        });
        table.Add(
        [
            algorithm, Number(load), Number(mean), Number(simulated.Mean), Number(p99), Number(simulated.P99), LargestDeviation(ok, options.Weights),
            $"{ok.Length}", $"{run.Replies.Length - ok.Length}",
        ]);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{algorithm}: mean {mean:F2}, simulated {simulated.Mean:F2}; mean service time {serviceMs:F2} ms, load {load:F3}"));
    }

    /// <summary>
    /// Returns the share of the server that deviates most from its weight, and its share by weight, such as "2.1 of 2.2 %".
    /// </summary>
    private static string LargestDeviation(TimedReply[] replies, IReadOnlyList<int> weights)
    {
        var counts = replies.CountBy(reply => reply.Server).ToDictionary();
        var (share, due) = weights
            .Select((weight, server) => (Share: counts.GetValueOrDefault(server) / (double)replies.Length, Due: weight / (double)weights.Sum()))
            .MaxBy(server => Math.Abs((server.Share / server.Due) - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} of {100 * due:F2} %");
    }

    /// <summary>
    /// Measures the mean service time of a server of speed 1, including the delay of its timer, with one request at a time. The load
    /// depends on it.
    /// </summary>
    private static async Task<double> ServiceMsAsync(ShortlineClient client, AlgorithmsOptions options)
    {
        var random = new Random(options.Seed);
        var late = 0.0;
        for (var i = 0; i < Calibrations; i++)
        {
            var ms = Exponential(random) * options.ServiceMs / 10;
            var reply = await SendAsync(client, ms, options);
            late += (reply.ServiceMs - (ms / options.Speeds[reply.Server])) / Calibrations;
        }

        return options.ServiceMs + late;
    }

    private static async Task<(TimedReply[] Replies, double Seconds)> RunLoadAsync(RealFleet fleet, AlgorithmsOptions options, double serviceMs)
    {
        var random = new Random(options.Seed);
        var gapMs = serviceMs / (options.Load * options.Speeds.Sum());
        var requests = (int)(options.Duration.TotalMilliseconds / gapMs);
        var replies = new Task<TimedReply>[requests];
        var begun = Stopwatch.GetTimestamp();
        var atMs = 0.0;
        for (var i = 0; i < requests; i++)
        {
            atMs += Exponential(random) * gapMs;
            var ms = Exponential(random) * options.ServiceMs;
            var client = fleet.Clients[random.Next(fleet.Clients.Count)];
            if (atMs - Stopwatch.GetElapsedTime(begun).TotalMilliseconds is var aheadMs and > 1)
                await Task.Delay(TimeSpan.FromMilliseconds(aheadMs), TimeProvider.System);
            replies[i] = SendAsync(client, ms, options);
        }

        var skipped = requests / 10;
        return ((await Task.WhenAll(replies))[skipped..], atMs / 1000 * (requests - skipped) / requests);
    }

    private static async Task<TimedReply> SendAsync(ShortlineClient client, double ms, AlgorithmsOptions options)
    {
        var payload = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"seconds\":{ms / 1000:F6},\"speeds\":[{string.Join(',', options.Speeds)}]}}"));
        var reply = await client.SendAsync(TimedWork.Operation, payload);
        return reply.IsOk
            ? new TimedReply(
                reply.Elapsed.TotalMilliseconds,
                double.Parse(Encoding.ASCII.GetString(reply.Result.Span), CultureInfo.InvariantCulture),
                int.Parse(reply.ServerId!, CultureInfo.InvariantCulture))
            : new TimedReply(-1, 0, 0);
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    private static string Number(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}
