using Shortline.Client;

namespace Shortline.System.Tests.Loss;

/// <summary>As <see cref="LossTests"/>, with clients that use TCP connections: to gateways, or directly to servers.</summary>
[Collection(nameof(ManyProcesses))]
public sealed class ConnectionLossTests(LossCluster cluster)
{
    /// <summary>The most requests sent to a process between its crash and the moment at which this is noticed.</summary>
    private const int SentBeforeNoticed = 40;

    [Fact]
    public async Task Clients_over_TCP_survive_the_crash_of_their_gateway() =>
        await Survives(ClientTransport.Tcp, shared => shared.Gateways[0].Kill(), SentBeforeNoticed, isCrash: true);

    [Fact]
    public async Task Direct_clients_survive_the_crash_of_a_silo() =>
        await Survives(ClientTransport.Direct, shared => shared.Kill(shared.OtherSilo), SentBeforeNoticed, isCrash: true);

    [Fact]
    public async Task Direct_clients_survive_the_crash_of_the_gateway_that_named_their_servers() =>
        await Survives(ClientTransport.Direct, shared => shared.Gateways[0].Kill(), mayLose: 0);

    [Fact]
    public async Task Direct_clients_survive_the_end_of_a_silo() =>
        await Survives(ClientTransport.Direct, shared => shared.End(shared.OtherSilo), mayLose: 0);

    [Fact]
    public async Task Direct_clients_survive_a_pause_of_a_silo() => await Survives(
        ClientTransport.Direct,
        async shared =>
        {
            var silo = shared.Silos[shared.OtherSilo];
            await silo.Pause();
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System); // the length of the pause is what is tested
            await silo.Resume();
        },
        mayLose: 300); // each client sends to the paused silo until it notices the silence, and perhaps once more

    private Task Survives(ClientTransport transport, Func<Cluster, Task> act, long mayLose, bool isCrash = false) => cluster.Survives(transport, act, mayLose, isCrash);
}
