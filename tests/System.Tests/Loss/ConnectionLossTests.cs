using Shortline.Client;

namespace Shortline.System.Tests.Loss;

/// <summary>The same over connections: to gateways, and past them to servers themselves.</summary>
[Collection(nameof(ManyProcesses))]
public sealed class ConnectionLossTests
{
    /// <summary>What was in flight on the connections to a process that crashes: few requests, but how many depends on how busy the machine is.</summary>
    private const int WhatItHad = 40;

    [Fact]
    public async Task Killing_a_gateway_that_clients_are_connected_to() =>
        await Survives(ClientTransport.Tcp, cluster => cluster.Gateways[0].Kill(), WhatItHad);

    [Fact]
    public async Task Killing_a_silo_whose_servers_clients_talk_to_directly() =>
        await Survives(ClientTransport.Direct, cluster => cluster.Kill(cluster.OtherSilo), WhatItHad);

    [Fact]
    public async Task Killing_a_gateway_that_clients_have_their_servers_from() =>
        await Survives(ClientTransport.Direct, cluster => cluster.Gateways[0].Kill(), mayLose: 0);

    [Fact]
    public async Task Ending_a_silo_whose_servers_clients_talk_to_directly() =>
        await Survives(ClientTransport.Direct, cluster => cluster.End(cluster.OtherSilo), mayLose: 0);

    [Fact]
    public async Task A_silo_that_stands_still_for_a_while_and_whose_servers_clients_talk_to_directly() => await Survives(
        ClientTransport.Direct,
        async cluster =>
        {
            var silo = cluster.Silos[cluster.OtherSilo];
            await silo.StandStill();
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System); // the length of the standstill is what is tested
            await silo.GoOn();
        },
        mayLose: 300); // what is sent to it until its silence is noticed, by each client for itself, and perhaps once more

    private static async Task Survives(ClientTransport transport, Func<Cluster, Task> deed, long mayLose)
    {
        await using var cluster = await Cluster.Start();
        using var load = new LoadThrough(cluster, transport);
        await load.Survives(() => deed(cluster), mayLose);
    }
}
