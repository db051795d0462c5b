using System.Net;

namespace Shortline.Gateway;

/// <summary>A bound UDP socket that is read and written in batches.</summary>
internal interface IUdpTransport : IDisposable
{
    /// <summary>Where it is bound, with the port that the system chose if 0 was asked for.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Bytes of receive buffer that the system granted, in its own accounting (Linux counts twice the bytes asked for).</summary>
    int ReceiveBufferBytes { get; }

    /// <summary>Bytes of send buffer that the system granted, in its own accounting.</summary>
    int SendBufferBytes { get; }

    /// <summary>A receiver of at most <paramref name="batch"/> datagrams at a time (1 to 1024), for one owner thread.</summary>
    IUdpReceiver CreateReceiver(int batch);

    /// <summary>
    /// A batch of at most <paramref name="batch"/> datagrams to send (1 to 1024), for one owner at a time. Several batches may
    /// send at once.
    /// </summary>
    IUdpSendBatch CreateSendBatch(int batch);

    /// <summary>
    /// Makes every <see cref="IUdpReceiver.Receive"/> return -1 promptly, blocked or not. Sending goes on, so that what was
    /// taken in can still be answered. Repeating it does nothing.
    /// </summary>
    void Shutdown();
}
