using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Shortline.Gateway;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains;
using Shortline.Grains.Servers;
using Shortline.Hosting.Clustering;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;
using Shortline.Hosting.Tls;
using Shortline.Silo.Endpoints;
using Shortline.Silo.Links;

namespace Shortline.Silo;

/// <summary>Builds the host of a silo, which hosts the grains and optionally a gateway.</summary>
public static class SiloHost
{
    /// <summary>Builds the host without starting it. The host holds its ports from then on.</summary>
    /// <param name="settings">The settings. Hosts that must not see each other need different cluster ids.</param>
    /// <param name="options">The options of this silo.</param>
    /// <param name="configure">Adds services to the host, such as the user's work handlers.</param>
    /// <exception cref="StartFailedException">No port is free, or the settings ask for something that this program cannot do.</exception>
    public static IHost Build(ShortlineSettings settings, SiloHostOptions options, Action<HostApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        var ports = PortClaim.Take(settings.Cluster);
        try
        {
            var host = Build(settings, options with { Name = options.Name ?? MachineName.With(ports.SiloPort) }, ports, configure);

            // A host disposes only of services that it has created, so it has to create this one now.
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

        // At every start Orleans recommends server GC, which does not help a silo on a few cores, and its watchdog reports a delay of
        // hours, because it counts from the start of the machine.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // These log every attempt to reach a lost silo. The silos that probe it and the controller report the loss already.
        builder.Logging.AddFilter("Orleans.Runtime.Messaging", LogLevel.Error).AddFilter("Polly", LogLevel.Error);
        builder.Services.AddSingleton(_ => ports);
        builder.UseOrleans(silo =>
        {
            SiloCluster.Use(silo, settings.Cluster, ports);
            silo.Configure<SiloOptions>(own => own.SiloName = options.Name!);
        });

        // Replaces the handler of Orleans, which waits for two seconds and then writes a memory dump.
        builder.Services.AddSingleton<IFatalErrorHandler, FatalErrorHandler>();
        builder.Services.TryAddSingleton<TextExchanges>();
        builder.Services.TryAddSingleton(MemoryBudget.OfMegabytes(settings.LoadBalancer.MemoryLimit));
        builder.Services.AddSingleton<IServerEndpoints, ServerEndpoints>();

        // Links are not encrypted.
        if (settings.Cluster.Certificate.Length == 0)
            builder.Services.AddSingleton<IRequestLinks>(services => MakeLinks(settings.Cluster, ports, services));
        ServerCertificate.AddTo(builder.Services, settings.LoadBalancer);
        builder.Services.AddShortlineGrains(settings);
        builder.Services.AddHostedService<FleetKeeper>();

        // A host starts its services in this order and stops them in the reverse order: first the gateway stops, then the servers drain,
        // then the silo leaves.
        builder.Services.AddHostedService<SiloDrain>();
        if (options.Gateway)
            builder.Services.AddShortlineGateway(settings);
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Creates the links over which gateways send requests, on the silo's own address.</summary>
    private static RequestLinks MakeLinks(ClusterSettings cluster, PortClaim ports, IServiceProvider services)
    {
        var silo = services.GetRequiredService<ILocalSiloDetails>();
        var port = cluster.LinkPortRangeStart == 0 ? 0 : cluster.LinkPortRangeStart + ports.SiloPort - cluster.SiloPortRangeStart;
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(LogCategories.Silo(silo.Name));
        var endPoint = new IPEndPoint(silo.SiloAddress.Endpoint.Address, port);
        return new RequestLinks(endPoint, services.GetRequiredService<ILocalServers>(), services.GetRequiredService<TimeProvider>(), log);
    }
}

/// <summary>Options of one silo, in addition to the settings that all processes of a cluster share.</summary>
public sealed record SiloHostOptions
{
    /// <summary>
    /// The silo's name in logs and on pages: 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>. Null for the machine's name with the
    /// silo's port, which no two silos share.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Whether the silo hosts a gateway.</summary>
    public bool Gateway { get; init; }

    /// <summary>Whether the log goes to the console as well as to files.</summary>
    public bool Console { get; init; } = true;
}
