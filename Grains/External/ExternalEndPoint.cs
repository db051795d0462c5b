using System.Net;

namespace Shortline.Grains;

/// <summary>Where a program takes requests.</summary>
internal sealed class ExternalEndPoint(IPEndPoint endPoint)
{
    /// <summary>As text has it.</summary>
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>As the system has it, to send to and to compare senders with.</summary>
    public SocketAddress SocketAddress { get; } = endPoint.Serialize();

    /// <summary>Whether a datagram came from there.</summary>
    public bool IsSender(SocketAddress sender) => SocketAddress.Equals(sender);

    public override string ToString() => EndPoint.ToString();
}
