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

    /// <summary>Uses the cluster of this machine.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="gatewayPort">Means nothing here: the cluster's folder says where its silos are.</param>
    /// <param name="serviceId">Means nothing here.</param>
    /// <param name="clusterId">Silos and clients with the same one belong together.</param>
    public static IClientBuilder UseLocalhostClustering(
        this IClientBuilder builder, int gatewayPort = 30000, string serviceId = "dev", string clusterId = "dev") =>
        builder.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = clusterId;
            options.SpansProcesses = true;
        });

    /// <summary>Asked when no silo is to be found: whether to look again.</summary>
    public static IClientBuilder UseConnectionRetryFilter(
        this IClientBuilder builder, Func<Exception, CancellationToken, Task<bool>> connectionRetryFilter)
    {
        builder.Services.AddSingleton<IClientConnectionRetryFilter>(new RetryFilter(connectionRetryFilter));
        return builder;
    }

    private sealed class RetryFilter(Func<Exception, CancellationToken, Task<bool>> filter) : IClientConnectionRetryFilter
    {
        public Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken) =>
            filter(exception, cancellationToken);
    }
}
