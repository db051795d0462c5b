namespace Shortline.System.Tests.Loss;

/// <summary>Three silos and two gateways under load: the loss of any one of these processes loses no idempotent request.</summary>
[Collection(nameof(ManyProcesses))]
public sealed class LossTests
{
    /// <summary>The most requests in flight in a process that crashes. The number depends on how busy the machine is.</summary>
    private const int InFlightAtCrash = 40;

    [Fact]
    public async Task Clients_survive_the_crash_of_the_silo_with_the_controller() => await Survives(cluster => cluster.Kill(cluster.ControllerSilo), InFlightAtCrash);

    [Fact]
    public async Task Clients_survive_the_crash_of_another_silo() => await Survives(cluster => cluster.Kill(cluster.OtherSilo), InFlightAtCrash);

    [Fact]
    public async Task Clients_survive_the_crash_of_a_gateway() => await Survives(cluster => cluster.Gateways[0].Kill(), InFlightAtCrash);

    [Fact]
    public async Task Clients_survive_a_pause_of_a_silo() => await Survives(
        async cluster =>
        {
            var silo = cluster.Silos[cluster.OtherSilo];
            await silo.Pause();
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System); // the length of the pause is what is tested
            await silo.Resume();
        },
        InFlightAtCrash);

    [Fact]
    public async Task Clients_survive_the_end_of_a_silo() => await Survives(cluster => cluster.End(cluster.OtherSilo), mayLose: 0);

    [Fact]
    public async Task Clients_survive_a_silo_that_joins_and_takes_servers() => await Survives(cluster => cluster.StartSilo(), mayLose: 0);

    [Fact]
    public async Task Clients_survive_a_rolling_restart_of_all_silos() => await Survives(
        async cluster =>
        {
            foreach (var silo in cluster.Silos.Keys.Order(StringComparer.Ordinal).ToArray())
            {
                await cluster.End(silo);
                await cluster.StartSilo();
            }
        },
        mayLose: 0);

    private static async Task Survives(Func<Cluster, Task> act, long mayLose)
    {
        await using var cluster = await Cluster.Start();
        using var load = new SteadyLoad(cluster);
        await load.Survives(() => act(cluster), mayLose);
    }
}
