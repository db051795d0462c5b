using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>A silo of an <see cref="InProcessTestCluster"/>.</summary>
public class InProcessSiloHandle : SiloHandle
{
    /// <summary>Its host.</summary>
    public IHost SiloHost { get; init; } = null!;

    /// <summary>Services of its host.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;
}
