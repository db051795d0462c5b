using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Shortline.Hosting.Clustering;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Gateway;

/// <summary>Hosts a gateway in a process of its own, which is a client of the cluster. A silo hosts the same gateway.</summary>
public static class GatewayHost
{
    /// <summary>Builds the host without starting it.</summary>
    /// <param name="settings">The settings of the cluster.</param>
    /// <param name="options">The options of this process.</param>
    /// <param name="configure">Adds services to the host.</param>
    /// <exception cref="StartFailedException">This program does not support a setting.</exception>
    public static IHost Build(ShortlineSettings settings, GatewayHostOptions options, Action<HostApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        var named = options with { Name = NameOf(settings, options) };
        var builder = ProgramHost.CreateBuilder(settings, LogCategories.Gateway(named.Name), options.Console);

        // Orleans logs every failed attempt to reach a lost silo; the gateway logs the loss once.
        builder.Logging.AddFilter("Orleans.Messaging", LogLevel.Error).AddFilter("Orleans.Runtime.Messaging", LogLevel.Error);
        builder.Services.AddSingleton(named);
        builder.Services.AddSingleton<IClientConnectionRetryFilter, SiloWait>();
        builder.UseOrleansClient(client => GatewayCluster.Use(client, settings.Cluster));

        // Registered after the client, so that the gateway starts after the client and stops before it.
        builder.Services.AddShortlineGateway(settings);
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The name of the gateway in logs.</summary>
    internal static string NameOf(ShortlineSettings settings, GatewayHostOptions options) =>
        options.Name
        ?? (settings.LoadBalancer.ClientSidePort is > 0 and var port ? $"{port}" : MachineName.With(Environment.ProcessId));
}
