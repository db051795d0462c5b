using System.Net;
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
        services.AddSingleton(provider => new ExternalOutbox(settings.LoadBalancer, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IExternalServers>(provider => provider.GetRequiredService<ExternalOutbox>());
        services.AddSingleton<ExternalDoor>();
        return services
            .AddHostedService(provider => provider.GetRequiredService<GatewayService>())
            .AddHostedService(provider => provider.GetRequiredService<ExternalDoor>());
    }

    /// <summary>Where a started host's gateway listens, which tells the port if <c>load_balancer.client_side_port</c> is 0.</summary>
    /// <param name="services">The host's services, with a gateway among them.</param>
    /// <exception cref="InvalidOperationException">There is no gateway, or it has not started.</exception>
    public static IPEndPoint EndPointOf(IServiceProvider services) =>
        services.GetRequiredService<GatewayService>().EndPoint ?? throw new InvalidOperationException("The gateway has not started.");
}
