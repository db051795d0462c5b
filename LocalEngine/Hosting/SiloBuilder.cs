using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Shortline.LocalEngine;

/// <summary>What <c>UseOrleans</c> configures.</summary>
internal sealed class SiloBuilder(IServiceCollection services) : ISiloBuilder
{
    public IServiceCollection Services => services;
}
