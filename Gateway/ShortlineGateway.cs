using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shortline.Gateway.ExternalServers;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Tls;

namespace Shortline.Gateway;

/// <summary>Adds a gateway to a host.</summary>
public static class ShortlineGateway
{
    /// <summary>
    /// Registers the gateway, which starts and stops with the host. The host must be a silo or a cluster client. Register that first, so
    /// that it starts before the gateway and stops after it.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="settings">The settings of the cluster.</param>
    public static IServiceCollection AddShortlineGateway(this IServiceCollection services, ShortlineSettings settings)
    {
        services.TryAddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        ServerCertificate.AddTo(services, settings.LoadBalancer);
        services.TryAddSingleton<TextExchanges>();
        services.TryAddSingleton(MemoryBudget.OfMegabytes(settings.LoadBalancer.MemoryLimit));
        services.AddSingleton<GatewayService>();
        services.AddSingleton(provider => new ExternalOutbox(settings.LoadBalancer, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IExternalServers>(provider => provider.GetRequiredService<ExternalOutbox>());
        services.AddSingleton<ExternalDoor>();
        return services
            .AddHostedService(provider => provider.GetRequiredService<GatewayService>())
            .AddHostedService(provider => provider.GetRequiredService<ExternalDoor>());
    }

    /// <summary>
    /// Returns the address and port on which the gateway of a started host listens. This is how to learn the port if
    /// <c>load_balancer.client_side_port</c> is 0.
    /// </summary>
    /// <param name="services">The services of a host with a gateway.</param>
    /// <exception cref="InvalidOperationException">The host has no gateway, or the gateway has not started.</exception>
    public static IPEndPoint EndPointOf(IServiceProvider services) =>
        services.GetRequiredService<GatewayService>().EndPoint ?? throw new InvalidOperationException("The gateway has not started.");
}
