namespace Shortline.Gateway;

/// <summary>How a UDP socket is set up.</summary>
internal sealed record UdpSocketOptions
{
    /// <summary>
    /// Bytes of receive buffer to ask for. It holds the burst that arrives while the receiver works: 4 MiB is about 10,000 small
    /// datagrams on Linux, where each occupies at least 768 bytes. The system may grant less (Linux: <c>net.core.rmem_max</c>).
    /// </summary>
    internal int ReceiveBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of send buffer to ask for. The system may grant less (Linux: <c>net.core.wmem_max</c>).</summary>
    internal int SendBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How long a flush waits for a full send buffer before it drops. A buffer of megabytes that does not move for that long means
    /// a link that is down, and clients that will ask again.
    /// </summary>
    internal TimeSpan SendTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Use the portable sockets even where there are better ones.</summary>
    internal bool ForcePortable { get; init; }
}
