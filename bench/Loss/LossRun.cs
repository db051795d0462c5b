using System.Globalization;
using Shortline.Client.Tool.Load;

namespace Shortline.Bench.Loss;

/// <summary>
/// Runs one scenario under load: starts a fleet, lets the scenario happen after a third of the time, and counts what the clients lose.
/// </summary>
internal static class LossRun
{
    // Two for each gateway. Each client notices the loss of a gateway by itself, so more clients would lose more.
    private const int Clients = 4;

    private const int TimeoutMs = 5000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    internal static async Task<LossResult> RunAsync(LossScenario scenario, bool retries, LossOptions options, CancellationToken cancellationToken)
    {
        await using var log = OpenLog(scenario, retries, options);
        using var fleet = await LossFleet.StartAsync(scenario, options, log, cancellationToken);
        var load = new LoadSettings
        {
            Gateways = fleet.EndPoints,
            Clients = Clients,
            Rate = options.Rate,
            Operation = scenario.Operation,
            Payload = "{\"text\":\"the quick brown fox\"}"u8.ToArray(),
            TimeoutMs = TimeoutMs,
            Retries = retries ? 3 : 0,
            Throttle = false,
        };

        // Code runs slowly until it is compiled, in the fleet and here.
        using (var warmUp = new LoadDriver(load with { Duration = WarmUp, Retries = 3 }))
            await warmUp.RunAsync(cancellationToken);

        using var driver = new LoadDriver(load);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = driver.RunAsync(end.Token);
        await Pass(options.Duration / 3, cancellationToken);
        await scenario.ActAsync(fleet, cancellationToken);

        // The load continues after the scenario, even if that took long.
        var left = options.Duration - driver.Snapshot().Elapsed;
        var least = options.Duration / 3;
        await Pass(left > least ? left : least, cancellationToken);
        driver.Paused = true;
        while (driver.Snapshot().InFlight > 0)
            await Pass(LookInterval, cancellationToken);
        await end.CancelAsync();
        return new LossResult(scenario, retries, await run, scenario.SlowerMs > 0 ? fleet.ServerOn(scenario.Silos) : null);
    }

    private static Task Pass(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, TimeProvider.System, cancellationToken);

    private static StreamWriter? OpenLog(LossScenario scenario, bool retries, LossOptions options)
    {
        if (options.Logs is not { } folder)
            return null;
        folder.Create();
        var name = string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}{(retries ? "" : "-no-retries")}.log");
        return new StreamWriter(Path.Combine(folder.FullName, name), append: true) { AutoFlush = true };
    }
}
