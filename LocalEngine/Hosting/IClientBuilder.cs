using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Configures a client of a cluster.</summary>
public interface IClientBuilder
{
    /// <summary>Services of the client's host.</summary>
    IServiceCollection Services { get; }
}
