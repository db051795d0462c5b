using System.Net;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>How silos find each other.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Joins the cluster of this machine.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloPort">Where it hears silos and clients; each silo of the machine has its own.</param>
    /// <param name="gatewayPort">Means nothing here: clients come to <paramref name="siloPort"/> too.</param>
    /// <param name="primarySiloEndpoint">Means nothing here.</param>
    /// <param name="serviceId">Means nothing here.</param>
    /// <param name="clusterId">Silos and clients with the same one belong together.</param>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = SiloOptions.DefaultPort,
        int gatewayPort = 30000,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev",
        string clusterId = "dev") => builder
        .Configure<SiloOptions>(options => options.Port = siloPort)
        .Configure<ClusterOptions>(options =>
        {
            options.ClusterId = clusterId;
            options.SpansProcesses = true;
        });
}
