using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Shortline.LocalEngine;

/// <summary>What <c>UseOrleansClient</c> configures.</summary>
internal sealed class ClientBuilder(IServiceCollection services) : IClientBuilder
{
    public IServiceCollection Services => services;
}
