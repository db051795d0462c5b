using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.ExternalServers;
using Shortline.Grains.Files;
using Shortline.Grains.Handlers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Start;

namespace Shortline.Grains;

/// <summary>Registers the services that a silo needs to host Shortline's grains.</summary>
public static class ShortlineGrains
{
    /// <summary>
    /// Registers the settings, the built-in operations that <c>server.operations</c> names, the
    /// metrics, and the system's clock unless another one is registered. Users add operations of their own with
    /// <see cref="WorkHandlerServices"/>.
    /// </summary>
    /// <param name="services">The silo's services: <c>siloBuilder.Services</c>.</param>
    /// <param name="settings">The settings.</param>
    /// <exception cref="InvalidOperationException">A built-in operation has a handler already.</exception>
    /// <exception cref="StartFailedException"><c>server.file_root</c> is not a folder that exists.</exception>
    public static IServiceCollection AddShortlineGrains(this IServiceCollection services, ShortlineSettings settings)
    {
        services.AddMetrics();
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<IncarnationClock>();
        services.AddSingleton<SiloServers>();
        services.AddSingleton<ILocalServers>(provider => provider.GetRequiredService<SiloServers>());
        services.AddSingleton<SiloReports>();
        services.AddSingleton<Operations>();
        services.AddSingleton<ExternalForwarder>();
        services.AddSingleton(new FileRoot(settings.Server.FileRoot));
        services.AddSingleton<ChecksumCache>();
        services.TryAddSingleton<IServerReports, BalancerReports>();
        services.TryAddSingleton<IServerEndpoints, NoServerEndpoints>();
        services.TryAddSingleton<IRequestLinks, NoRequestLinks>();
        services.AddPlacementDirector<SiloOfKeyPlacement, SiloOfKeyPlacementDirector>();
        return services
            .AddBuiltIn<EchoHandler>(EchoHandler.Operation, settings)
            .AddBuiltIn<ComputeHandler>(ComputeHandler.Operation, settings)
            .AddBuiltIn<HashHandler>(HashHandler.Operation, settings)
            .AddBuiltIn<DirectoryHandler>(DirectoryHandler.Operation, settings)
            .AddBuiltIn<FileHandler>(FileHandler.Operation, settings);
    }

    private static IServiceCollection AddBuiltIn<THandler>(this IServiceCollection services, string operation, ShortlineSettings settings)
        where THandler : class, IWorkHandler =>
        settings.Server.Operations.Offers(operation) ? services.AddWorkHandler<THandler>(operation) : services;
}
