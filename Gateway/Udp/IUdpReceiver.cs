namespace Shortline.Gateway;

/// <summary>
/// Datagrams as they arrive. One owner thread; what it shows is valid until the next <see cref="Receive"/>. A truncated one was longer than 65,535 bytes, which
/// only IPv6 jumbograms are.
/// </summary>
internal interface IUdpReceiver : IRequestBatch, IDisposable
{
    /// <summary>
    /// Blocks until there is at least one datagram. Transient errors (a peer that is gone, a signal, no buffers) are passed over.
    /// </summary>
    /// <returns>Datagrams now readable, at least 1; or -1 after <see cref="IUdpTransport.Shutdown"/>.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The socket itself is of no use any more.</exception>
    int Receive();
}
