using Shortline.Gateway.Requests;

namespace Shortline.Gateway.Udp;

/// <summary>
/// Receives datagrams. Used by one thread; the datagrams are valid until the next <see cref="Receive"/>. Only IPv6 jumbograms, which are
/// longer than 65,535 bytes, are truncated.
/// </summary>
internal interface IUdpReceiver : IRequestBatch, IDisposable
{
    /// <summary>
    /// Blocks until at least one datagram arrives. Ignores transient errors (an unreachable peer, a signal, no buffers).
    /// </summary>
    /// <returns>The number of datagrams received, at least 1; or -1 after <see cref="IUdpTransport.Shutdown"/>.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The socket is unusable.</exception>
    int Receive();
}
