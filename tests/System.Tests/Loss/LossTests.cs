using Shortline.Client;

namespace Shortline.System.Tests.Loss;

/// <summary>Three silos and two gateways under load: the loss of any one of these processes loses no idempotent request.</summary>
[Collection(nameof(ManyProcesses))]
public sealed class LossTests(LossCluster cluster)
{
    /// <summary>The most requests sent to a process between its crash and the moment at which this is noticed.</summary>
    private const int SentBeforeNoticed = 40;

    [Fact]
    public async Task Clients_survive_the_crash_of_the_silo_with_the_controller() => await Survives(shared => shared.Kill(shared.ControllerSilo), SentBeforeNoticed, isCrash: true);

    [Fact]
    public async Task Clients_survive_the_crash_of_another_silo() => await Survives(shared => shared.Kill(shared.OtherSilo), SentBeforeNoticed, isCrash: true);

    [Fact]
    public async Task Clients_survive_the_crash_of_a_gateway() => await Survives(shared => shared.Gateways[0].Kill(), SentBeforeNoticed, isCrash: true);

    [Fact]
    public async Task Clients_survive_a_pause_of_a_silo() => await Survives(
        async shared =>
        {
            var silo = shared.Silos[shared.OtherSilo];
            await silo.Pause();
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System); // the length of the pause is what is tested
            await silo.Resume();
        },
        SentBeforeNoticed);

    [Fact]
    public async Task Clients_survive_the_end_of_a_silo() => await Survives(shared => shared.End(shared.OtherSilo), mayLose: 0);

    [Fact]
    public async Task Clients_survive_a_silo_that_joins_and_takes_servers() => await Survives(shared => shared.StartSilo(), mayLose: 0);

    [Fact]
    public async Task Clients_survive_a_rolling_restart_of_all_silos() => await Survives(
        async shared =>
        {
            foreach (var silo in shared.Silos.Keys.Order(StringComparer.Ordinal).ToArray())
            {
                await shared.End(silo);
                await shared.StartSilo();
            }
        },
        mayLose: 0);

    private Task Survives(Func<Cluster, Task> act, long mayLose, bool isCrash = false) => cluster.Survives(ClientTransport.Udp, act, mayLose, isCrash);
}
