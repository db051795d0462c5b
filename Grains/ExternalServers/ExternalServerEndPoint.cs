using System.Net;

namespace Shortline.Grains.ExternalServers;

/// <summary>The address and port at which an external server takes requests.</summary>
internal sealed class ExternalServerEndPoint(IPEndPoint endPoint)
{
    /// <summary>The address and port.</summary>
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>The same in the system's form, made once: to send to, and to compare senders with.</summary>
    public SocketAddress SocketAddress { get; } = endPoint.Serialize();

    /// <summary>Whether a datagram came from there.</summary>
    public bool IsSender(SocketAddress sender) => SocketAddress.Equals(sender);

    public override string ToString() => EndPoint.ToString();
}
