using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Shortline.Gateway;

/// <summary>What a host needs to have a gateway.</summary>
public static class ShortlineGateway
{
    /// <summary>
    /// Registers the gateway, which starts and stops with the host. The host has a grain factory: it is a silo or a cluster client, and was
    /// registered before, so that it starts before and stops after the gateway.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="settings">The settings.</param>
    public static IServiceCollection AddShortlineGateway(this IServiceCollection services, ShortlineSettings settings)
    {
        services.TryAddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<GatewayService>();
        return services.AddHostedService(provider => provider.GetRequiredService<GatewayService>());
    }
}
