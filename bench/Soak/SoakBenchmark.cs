using System.Diagnostics;
using Shortline.Bench.Loss;
using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;
using Shortline.System.Tests.Processes;

namespace Shortline.Bench.Soak;

/// <summary>
/// Keeps a fleet under mixed load (UDP, TCP, direct; servers of its own and an external one) while silos are killed, ended and added. The
/// processes that live all the time, two gateways and one silo, must not grow.
/// </summary>
internal static class SoakBenchmark
{
    private const int ClientsOfEachKind = 4;

    /// <summary>The share of the time after which sizes are taken as usual: before it, pools and tables still grow to what the load needs.</summary>
    private const double Settled = 0.15;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private static readonly LossScenario Scenario = new("soak", "mixed load", (_, _) => Task.CompletedTask) { Silos = 3, Servers = 6 };

    /// <returns>0 if no process grew and every request was answered ok; 1 if not; 130 if the user stopped it.</returns>
    internal static async Task<int> RunAsync(TimeSpan length, double rate, TimeSpan pause, CancellationToken cancellationToken)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{rate:N0} requests/s each over UDP, over TCP and to servers directly, for {length.TotalMinutes:0.#} min; an event every {pause.TotalSeconds:0} s");
        var options = new LossOptions { Rate = rate, Duration = length, Rounds = 1, Only = [] };
        using var fleet = await LossFleet.StartAsync(Scenario, options, log: null, cancellationToken);
        LossProcess[] staying = [.. fleet.Gateways, fleet.Silos[0]];
        LoadDriver[] drivers = [.. Enum.GetValues<ClientTransport>().Select(transport => new LoadDriver(Load(fleet, transport, rate)))];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            Task<LoadProgress>[] runs = [.. drivers.Select(driver => driver.RunAsync(end.Token))];
            var (usual, last) = await RunEventsAsync(fleet, staying, drivers, length, pause, cancellationToken);

            // What is in flight at the end is answered first.
            Array.ForEach(drivers, driver => driver.Paused = true);
            while (Array.Exists(drivers, driver => driver.Snapshot().InFlight > 0))
                await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
            await end.CancelAsync();
            return Report(await Task.WhenAll(runs), staying, usual, last);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("Stopped.");
            return 130;
        }
        catch (TargetFailedException fault)
        {
            Console.WriteLine($"The run failed: {fault.Message}");
            return 1;
        }
        finally
        {
            Array.ForEach(drivers, driver => driver.Dispose());
        }
    }

    private static LoadSettings Load(LossFleet fleet, ClientTransport transport, double rate) => new()
    {
        Gateways = fleet.EndPoints,
        Transport = transport,
        Clients = ClientsOfEachKind,
        StartId = 1000 * (1 + (int)transport),
        Rate = rate,
        Throttle = false,
        Payload = "{\"text\":\"the quick brown fox\"}"u8.ToArray(),
    };

    /// <summary>Lets events happen until the time is over.</summary>
    /// <returns>The sizes of the staying processes once they had settled, and at the end.</returns>
    private static async Task<(ProcessSize[] Usual, ProcessSize[] Last)> RunEventsAsync(
        LossFleet fleet, LossProcess[] staying, LoadDriver[] drivers, TimeSpan length, TimeSpan pause, CancellationToken cancellationToken)
    {
        var (started, usual) = (Stopwatch.GetTimestamp(), default(ProcessSize[]));
        for (var number = 0; ; number++)
        {
            await using (var external = new ExternalEcho($"soak-{number}", fleet.ServerSides[number % fleet.ServerSides.Count]))
            {
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
                await RenewSiloAsync(fleet, number, cancellationToken);
            }

            var sizes = Array.ConvertAll(staying, process => ProcessSize.Of(process.Process.Id));
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= length * Settled)
                usual ??= sizes;
            Console.Error.WriteLine($"{elapsed:hh\\:mm\\:ss} {string.Join("; ", staying.Zip(sizes, (process, size) => $"{process.Name} {size}"))}; {NotOk(drivers)} not ok");
            if (elapsed >= length)
                return (usual!, sizes);
        }
    }

    /// <summary>Replaces the silo that was started last: kills it and ends it in turn.</summary>
    private static async Task RenewSiloAsync(LossFleet fleet, int number, CancellationToken cancellationToken)
    {
        var silo = fleet.Silos[^1];
        if (number % 2 == 0)
            await fleet.KillAsync(silo, cancellationToken);
        else
            await fleet.EndAsync(silo, cancellationToken);
        await fleet.StartSiloAsync(cancellationToken);
    }

    private static string NotOk(LoadDriver[] drivers) =>
        string.Join(", ", Array.ConvertAll(drivers, driver => driver.Snapshot() is var end ? $"{end.Ended - end.NotSent - end.Of(ResponseStatus.Ok)}" : ""));

    private static int Report(LoadProgress[] ends, LossProcess[] staying, ProcessSize[] usual, ProcessSize[] last)
    {
        var loads = new TextTable(["load", "sent", "ok", "not ok", "p99 ms"]);
        foreach (var (transport, end) in Enum.GetValues<ClientTransport>().Zip(ends))
        {
            var (sent, ok) = (end.Ended - end.NotSent, end.Of(ResponseStatus.Ok));
            loads.Add([$"{transport}", $"{sent:N0}", $"{ok:N0}", $"{sent - ok:N0}", $"{end.Latency.Percentile(99) / 1e6:N1}"]);
        }

        var sizes = new TextTable(["process", "once settled", "at the end", "verdict"]);
        for (var i = 0; i < staying.Length; i++)
            sizes.Add([staying[i].Name, $"{usual[i]}", $"{last[i]}", usual[i].Holds(last[i]) ? "flat" : "GROWS"]);

        Console.WriteLine();
        loads.Write(Console.Out);
        Console.WriteLine();
        sizes.Write(Console.Out);
        var isFlat = usual.Zip(last).All(pair => pair.First.Holds(pair.Second));
        return isFlat && ends.All(end => end.Ended - end.NotSent == end.Of(ResponseStatus.Ok)) ? 0 : 1;
    }
}
