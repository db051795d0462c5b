using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Runtime;
using Shortline.LocalEngine;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds a silo to a host.</summary>
public static class OrleansSiloGenericHostExtensions
{
    /// <summary>Adds a silo that starts and stops with the host.</summary>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        hostAppBuilder.Services.AddParty<LocalSilo>();
        hostAppBuilder.Services.TryAddSingleton<ILocalSiloDetails>(provider => provider.GetRequiredService<LocalSilo>());
        configureDelegate(new SiloBuilder(hostAppBuilder.Services));
        return hostAppBuilder;
    }
}
