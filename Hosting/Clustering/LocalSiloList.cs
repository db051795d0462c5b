using System.Net;
using Orleans.Messaging;
using Orleans.Runtime;

namespace Shortline.Hosting;

/// <summary>
/// The silos of this machine: those that hold a claim to their ports. Unlike a fixed list of all ports it has none that are dead, each of
/// which would cost connection attempts.
/// </summary>
internal sealed class LocalSiloList(ClusterSettings cluster, TimeSpan maxStaleness) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => maxStaleness;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public Task<IList<Uri>> GetGateways() => Task.FromResult<IList<Uri>>(
        [.. PortClaim.HeldClientPorts(cluster).Select(port => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), 0).ToGatewayUri())]);
}
