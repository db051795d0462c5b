using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;

namespace Shortline.LocalEngine;

/// <summary>Adds a client to a host.</summary>
internal sealed class ClientBuilder : IClientBuilder
{
    public ClientBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
        if (services.Any(service => service.ServiceType == typeof(LocalClient)))
        {
            return;
        }

        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalClient>();
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<LocalClient>());
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<LocalClient>());
        services.AddHostedService(provider => provider.GetRequiredService<LocalClient>());
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }
}
