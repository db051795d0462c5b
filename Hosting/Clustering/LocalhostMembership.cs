using System.Net;
using Orleans.Hosting;
using Shortline.Hosting.Ports;

namespace Shortline.Hosting.Clustering;

/// <summary>
/// A cluster of one silo that keeps everything in memory, for a process that hosts silo, gateway and clients together. Users cannot choose
/// it in the settings, because the loss of this silo is the loss of the cluster.
/// </summary>
internal sealed class LocalhostMembership : IMembership
{
    public void UseIn(ISiloBuilder silo, PortClaim ports) => silo
        .UseLocalhostClustering(ports.SiloPort, ports.ClientPort, new IPEndPoint(IPAddress.Loopback, ports.SiloPort))
        .AddMemoryGrainStorage(SiloCluster.Storage);

    public void UseIn(IClientBuilder client) => throw new NotSupportedException("Localhost membership is for a silo that hosts its own gateway.");
}
