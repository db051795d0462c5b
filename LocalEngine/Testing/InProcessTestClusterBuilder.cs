using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Makes a cluster of several silos and a client in this process.</summary>
/// <param name="initialSilosCount">How many silos it starts with.</param>
public sealed class InProcessTestClusterBuilder(short initialSilosCount)
{
    private Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>? _configureSilo;
    private Action<IHostApplicationBuilder>? _configureClient;

    /// <summary>A new cluster's id.</summary>
    public static string CreateClusterId() => $"testcluster-{Guid.NewGuid():N}";

    /// <summary>Configures the hosts of silos and client.</summary>
    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        _configureSilo += (_, host) => configureDelegate(host);
        _configureClient += configureDelegate;
        return this;
    }

    /// <summary>Configures each silo.</summary>
    public InProcessTestClusterBuilder ConfigureSilo(Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate)
    {
        _configureSilo += (options, host) => host.UseOrleans(silo => configureSiloDelegate(options, silo));
        return this;
    }

    /// <summary>The cluster, not started.</summary>
    public InProcessTestCluster Build() => new(CreateClusterId(), initialSilosCount, _configureSilo, _configureClient);
}
