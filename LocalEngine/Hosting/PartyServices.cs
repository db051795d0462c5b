using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Shortline.LocalEngine;

/// <summary>Adds a silo or a client to a host.</summary>
internal static class PartyServices
{
    /// <summary>Adds it, unless the host has one.</summary>
    public static void AddParty<TParty>(this IServiceCollection services)
        where TParty : Party, IHostedService
    {
        if (services.Any(service => service.ServiceType == typeof(TParty)))
        {
            return;
        }

        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ClusterRegistry.OfProcess);
        services.AddSingleton<TParty>();
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<TParty>());
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<TParty>());
        services.AddHostedService(provider => provider.GetRequiredService<TParty>());
    }
}
