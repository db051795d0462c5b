using System.Net;

namespace Shortline.Gateway;

/// <summary>Takes servers of the text protocol in, which do not report but say once that they are there.</summary>
internal interface IExternalServers
{
    /// <summary>A server is there: it is asked on an interval whether it still is, and clients are told where it is while it answers.</summary>
    /// <param name="peer">Who says so.</param>
    /// <param name="server">Where it listens, over TCP.</param>
    /// <returns>Whether it is taken; not if <c>load_balancer.allow_external_from</c> has not the peer, or neither that nor the peer itself is where it listens.</returns>
    bool Join(IPAddress peer, IPEndPoint server);

    /// <summary>A server is gone.</summary>
    /// <returns>Whether the peer may say so, by the same rule.</returns>
    bool Leave(IPAddress peer, IPEndPoint server);
}
