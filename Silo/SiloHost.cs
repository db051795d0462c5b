using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Shortline.Gateway;
using Shortline.Grains;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>A silo: hosts the grains and, if it is told to, a gateway.</summary>
public static class SiloHost
{
    /// <summary>Makes the host, which has its ports from then on; it is not started.</summary>
    /// <param name="settings">The settings. Hosts that are to have nothing to do with each other have clusters of their own.</param>
    /// <param name="options">What this silo is.</param>
    /// <param name="configure">Adds to it: the user's own work handlers, for one.</param>
    /// <exception cref="StartFailedException">No port is free, or the settings want what this program cannot do.</exception>
    public static IHost Build(ShortlineSettings settings, SiloHostOptions options, Action<HostApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        var ports = PortClaim.Take(settings.Cluster);
        try
        {
            var host = Build(settings, options with { Name = options.Name ?? MachineName.With(ports.SiloPort) }, ports, configure);

            // What a host was only given it does not dispose of; asked for, it does.
            _ = host.Services.GetRequiredService<PortClaim>();
            return host;
        }
        catch
        {
            ports.Dispose();
            throw;
        }
    }

    private static IHost Build(ShortlineSettings settings, SiloHostOptions options, PortClaim ports, Action<HostApplicationBuilder>? configure)
    {
        var builder = ProgramHost.CreateBuilder(settings, LogCategories.Silo(options.Name!), options.Console);

        // At every start Orleans advises server GC, which a silo on a few cores is better without, and its watchdog, which counts from
        // the start of the machine, finds itself hours late.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Every attempt to reach a silo that is gone; that it is gone is told by those who probe it, and by the controller.
        builder.Logging.AddFilter("Orleans.Runtime.Messaging", LogLevel.Error).AddFilter("Polly", LogLevel.Error);
        builder.Services.AddSingleton(_ => ports);
        builder.UseOrleans(silo =>
        {
            SiloCluster.Use(silo, settings.Cluster, ports);
            silo.Configure<SiloOptions>(own => own.SiloName = options.Name!);
        });

        // In place of Orleans' own, which waits for two seconds and then dumps the process.
        builder.Services.AddSingleton<IFatalErrorHandler, FatalEnd>();
        builder.Services.AddSingleton<IServerEndpoints, ServerEndpoints>();
        builder.Services.AddShortlineGrains(settings);
        builder.Services.AddHostedService<FleetKeeper>();

        // A host starts its services in this order and stops them in the opposite one: first the gateway, then the servers drain, and then the silo leaves.
        builder.Services.AddHostedService<SiloDrain>();
        if (options.Gateway)
            builder.Services.AddShortlineGateway(settings);
        configure?.Invoke(builder);
        return builder.Build();
    }
}
