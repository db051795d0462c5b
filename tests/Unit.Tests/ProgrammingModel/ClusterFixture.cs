using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Shortline.Unit.Tests.ProgrammingModel;

/// <summary>Two silos and a client, shared by the tests that leave them as they are.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public InProcessTestCluster Cluster { get; } = NewCluster(2);

    public IGrainFactory Client => Cluster.Client;

    public static InProcessTestCluster NewCluster(short silos) => new InProcessTestClusterBuilder(silos)
        .ConfigureSilo((_, silo) => silo.AddMemoryGrainStorage("store"))
        .Build();

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>The ways into the cluster: the client and each silo.</summary>
    public IEnumerable<IGrainFactory> Entries() =>
        Cluster.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<IGrainFactory>()).Prepend(Client);

    public Task InitializeAsync() => Cluster.DeployAsync();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
