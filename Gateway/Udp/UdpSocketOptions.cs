namespace Shortline.Gateway.Udp;

/// <summary>The options of a UDP socket.</summary>
internal sealed record UdpSocketOptions
{
    /// <summary>
    /// The requested size of the receive buffer in bytes. The buffer holds the burst that arrives while the receiver works: 4 MiB hold
    /// about 10,000 small datagrams on Linux, where each occupies at least 768 bytes. The system may limit it (Linux:
    /// <c>net.core.rmem_max</c>).
    /// </summary>
    internal int ReceiveBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The requested size of the send buffer in bytes. The system may limit it (Linux: <c>net.core.wmem_max</c>).</summary>
    internal int SendBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How long a flush waits for space in the send buffer before it drops datagrams. If megabytes do not move for that long, the link is
    /// down, and the clients will repeat their requests.
    /// </summary>
    internal TimeSpan SendTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The number of sockets that receive on the port, at least 1. More than one need Linux.</summary>
    internal int Receivers { get; init; } = 1;

    /// <summary>Whether to use the portable sockets even on Linux.</summary>
    internal bool ForcePortable { get; init; }
}
