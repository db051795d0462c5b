using System.Globalization;
using System.Net;
using Shortline.Bench.Udp;
using Shortline.Client.Tool.Load;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Bench.Overload;

/// <summary>
/// Finds out what a fleet can do, offers it more without retries, and counts what it answers with <c>ok</c> before the deadline. Then offers
/// half of what it can do, to see how soon it works as usual again.
/// </summary>
internal static class OverloadBenchmark
{
    private const int TimeoutMs = 1000;
    private const int Clients = 8;

    /// <summary>The priorities that have an equal part each in the second table.</summary>
    private static readonly int[] Priorities = [9, 5, 1];

    private static readonly TimeSpan Calibration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(1);

    /// <returns>0 if all loads were measured; 1 if the fleet failed; 130 if the user stopped it.</returns>
    internal static async Task<int> RunAsync(
        IReadOnlyList<double> loads, int servers, TimeSpan length, IReadOnlyList<OverloadWork> works, CancellationToken cancellationToken)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{servers} servers, deadline {TimeoutMs} ms, no retries, {length.TotalSeconds:0.#} s each; 'after': ok in the second after it, at half the load that fits");
        var table = new TextTable(["work", "server.overload", "offered ×", "offered/s", "ok/s", "of capacity", "ok p99 ms", "refused/s", "expired", "no answer", "after"]);
        var priorities = new TextTable(["work", "offered ×", .. Priorities.Select(priority => $"ok of {priority}"), "of capacity", "ok p99 ms of 9"]);
        try
        {
            foreach (var work in works)
            {
                foreach (var overload in (string[])[ServerSettings.Queue, ServerSettings.Refuse])
                    await MeasureAsync(table, work, overload, loads, servers, length, cancellationToken);
                await MeasurePrioritiesAsync(priorities, work, loads, servers, length, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("Stopped.");
            return 130;
        }
        catch (TargetFailedException fault)
        {
            Console.WriteLine($"The run failed: {fault.Message}");
            return 1;
        }

        Console.WriteLine();
        table.Write(Console.Out);
        Console.WriteLine();
        Console.WriteLine($"With a part each of the priorities {string.Join(", ", Priorities)}:");
        priorities.Write(Console.Out);
        return 0;
    }

    private static async Task MeasureAsync(
        TextTable table, OverloadWork work, string overload, IReadOnlyList<double> loads, int servers, TimeSpan length, CancellationToken cancellationToken)
    {
        using var target = await SiloProcess.StartAsync(Targets.InSilo, servers, silos: 1, ["--server:overload", overload], cancellationToken);
        var gateway = new IPEndPoint(IPAddress.Loopback, target.Port);
        var capacity = await CapacityAsync(gateway, work, servers, cancellationToken);
        foreach (var load in loads)
        {
            var end = await LoadAsync(gateway, work, load * capacity, length, cancellationToken);
            var after = await LoadAsync(gateway, work, capacity / 2, Recovery, cancellationToken);
            var ok = end.Of(ResponseStatus.Ok) / length.TotalSeconds;
            table.Add([
                work.Name, overload, Text(load), $"{load * capacity:N0}", $"{ok:N1}", $"{ok / capacity:F2}", $"{end.Latency.Percentile(99) / 1e6:N0}",
                $"{end.Of(ResponseStatus.Rejected) / length.TotalSeconds:N0}", $"{end.Of(ResponseStatus.Expired):N0}", $"{end.NoAnswer:N0}",
                $"{100.0 * after.Of(ResponseStatus.Ok) / Math.Max(1, after.Ended):F0} %",
            ]);
            Console.Error.WriteLine($"{work.Name}, {overload}, {Text(load)} × {capacity:N0}/s: {ok:N1}/s ok");
        }
    }

    private static async Task MeasurePrioritiesAsync(
        TextTable table, OverloadWork work, IReadOnlyList<double> loads, int servers, TimeSpan length, CancellationToken cancellationToken)
    {
        using var target = await SiloProcess.StartAsync(Targets.InSilo, servers, silos: 1, [], cancellationToken);
        var gateway = new IPEndPoint(IPAddress.Loopback, target.Port);
        var capacity = await CapacityAsync(gateway, work, servers, cancellationToken);
        foreach (var load in loads)
        {
            var rate = load * capacity / Priorities.Length;
            var ends = await Task.WhenAll(Priorities.Select(priority => LoadAsync(gateway, work, rate, length, cancellationToken, priority)));
            var ok = ends.Sum(end => end.Of(ResponseStatus.Ok)) / length.TotalSeconds;
            table.Add([
                work.Name, Text(load), .. ends.Select(end => $"{100.0 * end.Of(ResponseStatus.Ok) / Math.Max(1, end.Ended):F1} %"),
                $"{ok / capacity:F2}", $"{ends[0].Latency.Percentile(99) / 1e6:N0}",
            ]);
            Console.Error.WriteLine($"{work.Name}, priorities, {Text(load)} × {capacity:N0}/s: {100.0 * ends[0].Of(ResponseStatus.Ok) / Math.Max(1, ends[0].Ended):F1} % of 9 ok, {ends[0].Of(ResponseStatus.Rejected)} refused, {ends[0].Of(ResponseStatus.Expired)} expired, {ends[0].NoAnswer} without an answer");
        }
    }

    /// <summary>Measures what the fleet can do: as many requests as servers are always in flight.</summary>
    private static async Task<double> CapacityAsync(IPEndPoint gateway, OverloadWork work, int servers, CancellationToken cancellationToken)
    {
        var end = await LoadAsync(Settings(gateway, work) with { Clients = 1, Outstanding = servers, Duration = Calibration }, work, cancellationToken);
        return end.Of(ResponseStatus.Ok) / end.Elapsed.TotalSeconds;
    }

    private static Task<LoadProgress> LoadAsync(
        IPEndPoint gateway, OverloadWork work, double rate, TimeSpan length, CancellationToken cancellationToken, int priority = RequestParser.UsualPriority) =>
        LoadAsync(
            Settings(gateway, work) with { StartId = 1000 + (100 * priority), Priority = priority, Clients = Clients, Rate = rate, Duration = length },
            work,
            cancellationToken);

    private static async Task<LoadProgress> LoadAsync(LoadSettings settings, OverloadWork work, CancellationToken cancellationToken)
    {
        using var driver = new LoadDriver(settings);
        driver.Use(work.Load);
        return await driver.RunAsync(cancellationToken);
    }

    private static LoadSettings Settings(IPEndPoint gateway, OverloadWork work) => new()
    {
        Gateways = [gateway],
        Operation = work.Load.Operation,
        TimeoutMs = TimeoutMs,
        Retries = 0,
        Throttle = false,
    };

    private static string Text(double load) => load.ToString("0.##", CultureInfo.InvariantCulture);
}
