using System.Net;

namespace Shortline.Gateway.Udp;

/// <summary>A bound UDP socket that receives and sends datagrams in batches.</summary>
internal interface IUdpTransport : IDisposable
{
    /// <summary>The local address and port; if port 0 was requested, the port that the system chose.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>The number of sockets that receive, each with a receiver of its own.</summary>
    int Receivers { get; }

    /// <summary>The size of the receive buffer in bytes, as the system reports it (Linux reports twice the requested size).</summary>
    int ReceiveBufferBytes { get; }

    /// <summary>The size of the send buffer in bytes, as the system reports it.</summary>
    int SendBufferBytes { get; }

    /// <summary>Creates a receiver for one thread.</summary>
    /// <param name="batch">The maximum number of datagrams per system call, 1 to 1024.</param>
    /// <param name="index">The socket, from 0 to <see cref="Receivers"/> - 1. The system sends each source to one of them.</param>
    IUdpReceiver CreateReceiver(int batch, int index = 0);

    /// <summary>
    /// Creates a batch of at most <paramref name="batch"/> datagrams (1 to 1024) to send. Several batches may be flushed at the same
    /// time.
    /// </summary>
    IUdpSendBatch CreateSendBatch(int batch);

    /// <summary>
    /// Makes every <see cref="IUdpReceiver.Receive"/> return -1 promptly, blocked or not. Sending still works, so that received requests
    /// can be answered. Further calls have no effect.
    /// </summary>
    void Shutdown();
}
