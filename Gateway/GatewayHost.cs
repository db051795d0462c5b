using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Shortline.Gateway;

/// <summary>A gateway as a process of its own: a client of the cluster, with the same gateway as a silo can have.</summary>
public static class GatewayHost
{
    /// <summary>Makes the host; it is not started.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="options">What this gateway is.</param>
    /// <param name="configure">Adds to it.</param>
    /// <exception cref="StartFailedException">The settings want what this program cannot do.</exception>
    public static IHost Build(ShortlineSettings settings, GatewayHostOptions options, Action<HostApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        var named = options with { Name = NameOf(settings, options) };
        var builder = ProgramHost.CreateBuilder(settings, LogCategories.Gateway(named.Name), options.Console);

        // What Orleans says of a silo that is gone, at every attempt to reach it; the gateway tells the same once.
        builder.Logging.AddFilter("Orleans.Messaging", LogLevel.Error).AddFilter("Orleans.Runtime.Messaging", LogLevel.Error);
        builder.Services.AddSingleton(named);
        builder.Services.AddSingleton<IClientConnectionRetryFilter, SiloWait>();
        builder.UseOrleansClient(client => GatewayCluster.Use(client, settings.Cluster));

        // After the client, so that it starts after and stops before it.
        builder.Services.AddShortlineGateway(settings);
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The name that logs know it by.</summary>
    internal static string NameOf(ShortlineSettings settings, GatewayHostOptions options) =>
        options.Name
        ?? (settings.LoadBalancer.ClientSidePort is > 0 and var port ? $"{port}" : MachineName.With(Environment.ProcessId));
}
