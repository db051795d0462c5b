using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>Adds a silo to a host.</summary>
internal sealed class SiloBuilder : ISiloBuilder
{
    public SiloBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
        if (services.Any(service => service.ServiceType == typeof(LocalSilo)))
        {
            return;
        }

        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalSilo>();
        services.AddSingleton<ILocalSiloDetails>(provider => provider.GetRequiredService<LocalSilo>());
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<LocalSilo>());
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<LocalSilo>());
        services.AddHostedService(provider => provider.GetRequiredService<LocalSilo>());
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }
}
