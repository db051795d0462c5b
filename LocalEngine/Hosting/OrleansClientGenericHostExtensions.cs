using Orleans.Hosting;
using Shortline.LocalEngine;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds a client of a cluster to a host.</summary>
public static class OrleansClientGenericHostExtensions
{
    /// <summary>Adds a client that starts and stops with the host. A silo of its cluster has to run already.</summary>
    public static IHostApplicationBuilder UseOrleansClient(
        this IHostApplicationBuilder hostAppBuilder, Action<IClientBuilder> configureDelegate)
    {
        hostAppBuilder.Services.AddParty<LocalClient>();
        configureDelegate(new ClientBuilder(hostAppBuilder.Services));
        return hostAppBuilder;
    }
}
