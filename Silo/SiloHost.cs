using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Shortline.Gateway;
using Shortline.Grains;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>A silo: hosts the grains and, if it is told to, a gateway.</summary>
public static class SiloHost
{
    /// <summary>The storage that grains keep their state in.</summary>
    internal const string Storage = "shortline";

    /// <summary>
    /// How long a grain call may take. A gateway does not wait for it, it has the deadlines of its requests; this is for the calls between
    /// grains, which are short.
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes the host; it is not started.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="options">What this silo is.</param>
    /// <param name="configure">Adds to it: the user's own work handlers, for one.</param>
    public static IHost Build(ShortlineSettings settings, SiloHostOptions options, Action<HostApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        var builder = ProgramHost.CreateBuilder(settings, LogCategories.Silo(options.Name), options.Console);

        // At every start Orleans advises server GC, which a silo on a few cores is better without, and its watchdog, which counts from
        // the start of the machine, finds itself hours late.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(options.SiloPort, options.ClusterClientPort, clusterId: options.ClusterId)
            .AddMemoryGrainStorage(Storage)
            .Configure<SiloOptions>(own => own.SiloName = options.Name)
            .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout));
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
