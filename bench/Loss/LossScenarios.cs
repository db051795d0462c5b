namespace Shortline.Bench.Loss;

/// <summary>The scenarios, in the order of the table.</summary>
internal static class LossScenarios
{
    // The requests in flight in the silo when it is killed: 10 of 50,000.
    private const double Crash = 0.0002;

    // The requests that a paused silo has until its gateways notice the pause: 50 of 50,000.
    private const double Standstill = 0.001;

    private static readonly TimeSpan StandstillTime = TimeSpan.FromSeconds(4);

    internal static IReadOnlyList<LossScenario> All { get; } =
        [
            new("calm", "nothing happens", (_, _) => Task.CompletedTask),
            new("kill-controller", "kill -9 of the silo that hosts the controller", (fleet, token) => fleet.KillAsync(fleet.ControllerSilo, token)) { LossAllowed = Crash },
            new("kill-silo", "kill -9 of another silo", (fleet, token) => fleet.KillAsync(fleet.OtherSilo, token)) { LossAllowed = Crash },
            new("kill-gateway", "kill -9 of one of two gateways", (fleet, token) => fleet.KillAsync(fleet.Gateways[0], token))
            {
                // Without retries, all requests are lost that the gateway has, or that clients send to it until the system has closed its
                // port.
                LossAllowed = null,
            },
            new("stop-silo", "SIGSTOP of a silo, SIGCONT after 4 s", StandStillAsync) { LossAllowed = Standstill },
            new("end-silo", "SIGTERM of a silo", (fleet, token) => fleet.EndAsync(fleet.OtherSilo, token)),
            new("add-silo", "a fourth silo is started", AddAsync),
            new("restart-all", "every silo is ended and started again, one after the other", RestartAllAsync),
            new("slow-server", "one of four servers takes 1 ms longer for each request", (_, _) => Task.CompletedTask)
            {
                Silos = 4,
                Operation = BenchSilo.Operation,
                SlowerMs = 1,
                SlowShareAllowed = 0.25,
            },
        ];

    private static async Task StandStillAsync(LossFleet fleet, CancellationToken token)
    {
        var silo = fleet.OtherSilo;
        await silo.SignalAsync("STOP");
        await Task.Delay(StandstillTime, TimeProvider.System, token);
        await silo.SignalAsync("CONT");
    }

    private static async Task AddAsync(LossFleet fleet, CancellationToken token) => await fleet.StartSiloAsync(token);

    private static async Task RestartAllAsync(LossFleet fleet, CancellationToken token)
    {
        foreach (var silo in fleet.Silos.ToArray())
        {
            await fleet.EndAsync(silo, token);
            await fleet.StartSiloAsync(token);
        }
    }
}
