using Orleans.Hosting;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Clustering;

/// <summary>
/// Keeps the members of a cluster and the state of its grains. There is one class per value of <c>cluster.membership</c>.
/// </summary>
internal interface IMembership
{
    /// <summary>Sets up a silo: its membership, its grain storage and the ports on which it listens.</summary>
    /// <exception cref="StartFailedException">The silo cannot join; the message says what to do.</exception>
    void UseIn(ISiloBuilder silo, PortClaim ports);

    /// <summary>Sets up a client of the cluster, such as a gateway process.</summary>
    /// <exception cref="StartFailedException">The cluster cannot be looked up; the message says what to do.</exception>
    void UseIn(IClientBuilder client);
}
