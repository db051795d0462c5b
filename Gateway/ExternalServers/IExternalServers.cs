using System.Net;

namespace Shortline.Gateway.ExternalServers;

/// <summary>Adds and removes external servers of the text protocol, which announce themselves once instead of reporting.</summary>
internal interface IExternalServers
{
    /// <summary>Adds a server. It is probed regularly, and clients are sent to it while it responds.</summary>
    /// <param name="peer">The address that announces the server.</param>
    /// <param name="server">The TCP address and port of the server.</param>
    /// <param name="weight">Its share of clients relative to other servers, 0 to 1000.</param>
    /// <returns>
    /// Whether the server was added. The peer must be on loopback, and <c>load_balancer.allow_external_from</c> must contain it and the
    /// address of the server.
    /// </returns>
    bool Join(IPAddress peer, IPEndPoint server, int weight = 1);

    /// <summary>Removes a server.</summary>
    /// <returns>Whether the peer may remove it, by the same rule.</returns>
    bool Leave(IPAddress peer, IPEndPoint server);
}
