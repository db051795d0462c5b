namespace Shortline.System.Tests.Loss;

/// <summary>Three silos and two gateways under load: the loss of any of these processes loses no request that may be repeated.</summary>
[Collection(nameof(ManyProcesses))]
public sealed class LossTests
{
    /// <summary>What was in flight in a process that crashes: few requests, but how many depends on how busy the machine is.</summary>
    private const int WhatItHad = 40;

    [Fact]
    public async Task Killing_the_silo_that_hosts_the_controller() => await Survives(cluster => cluster.Kill(cluster.ControllerSilo), WhatItHad);

    [Fact]
    public async Task Killing_another_silo() => await Survives(cluster => cluster.Kill(cluster.OtherSilo), WhatItHad);

    [Fact]
    public async Task Killing_a_gateway() => await Survives(cluster => cluster.Gateways[0].Kill(), WhatItHad);

    [Fact]
    public async Task A_silo_that_stands_still_for_a_while() => await Survives(
        async cluster =>
        {
            var silo = cluster.Silos[cluster.OtherSilo];
            await silo.StandStill();
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System); // the length of the standstill is what is tested
            await silo.GoOn();
        },
        WhatItHad);

    [Fact]
    public async Task Ending_a_silo() => await Survives(cluster => cluster.End(cluster.OtherSilo), mayLose: 0);

    [Fact]
    public async Task Adding_a_silo_which_takes_servers() => await Survives(cluster => cluster.StartSilo(), mayLose: 0);

    [Fact]
    public async Task Restarting_every_silo_one_after_the_other() => await Survives(
        async cluster =>
        {
            foreach (var silo in cluster.Silos.Keys.Order(StringComparer.Ordinal).ToArray())
            {
                await cluster.End(silo);
                await cluster.StartSilo();
            }
        },
        mayLose: 0);

    private static async Task Survives(Func<Cluster, Task> deed, long mayLose)
    {
        await using var cluster = await Cluster.Start();
        using var load = new LoadThrough(cluster);
        await load.Survives(() => deed(cluster), mayLose);
    }
}
