using System.Globalization;
using Shortline.Client.Tool.Load;

namespace Shortline.Bench.Loss;

/// <summary>One scenario under load: starts a fleet, does the deed at a third of the time, and counts on the clients' side.</summary>
internal static class LossRun
{
    // Two for each gateway. More would each find out by themselves that a gateway is gone.
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
        };

        // What is compiled for the first time is slow, in the fleet and here.
        using (var warmUp = new LoadDriver(load with { Duration = WarmUp, Retries = 3 }))
            await warmUp.RunAsync(cancellationToken);

        using var driver = new LoadDriver(load);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = driver.RunAsync(end.Token);
        await Pass(options.Duration / 3, cancellationToken);
        await scenario.Deed(fleet, cancellationToken);

        // However long the deed took, there is load after it too.
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
