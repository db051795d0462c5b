using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Shorthands for <see cref="IClientBuilder"/>.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>Sets options.</summary>
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class
    {
        builder.Services.Configure(configureOptions);
        return builder;
    }

    /// <summary>Uses the cluster of this machine, which here is that of this process.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="gatewayPort">Means nothing here.</param>
    /// <param name="serviceId">Means nothing here.</param>
    /// <param name="clusterId">Silos and clients with the same one belong together.</param>
    public static IClientBuilder UseLocalhostClustering(
        this IClientBuilder builder, int gatewayPort = 30000, string serviceId = "dev", string clusterId = "dev") =>
        builder.Configure<ClusterOptions>(options => options.ClusterId = clusterId);
}
