using Orleans.Hosting;

namespace Shortline.Gateway;

/// <summary>How a gateway process belongs to a cluster of the local engine.</summary>
internal static class GatewayCluster
{
    /// <summary>Sets the client up.</summary>
    /// <exception cref="StartFailedException">The settings want what only Orleans has.</exception>
    public static void Use(IClientBuilder client, ClusterSettings cluster)
    {
        LocalCluster.Check(cluster);
        client.UseLocalhostClustering(clusterId: cluster.Id);
    }
}
