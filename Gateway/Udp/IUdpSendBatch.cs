namespace Shortline.Gateway;

/// <summary>Datagrams gathered to be sent together. One owner at a time.</summary>
internal interface IUdpSendBatch : IDisposable
{
    /// <summary>
    /// Room to write one datagram of at most <paramref name="size"/> bytes (0 to 65,507), valid until the next call. Sends what is
    /// gathered first if the batch or its memory is full. A reservation that is never committed costs nothing.
    /// </summary>
    Span<byte> Reserve(int size);

    /// <summary>Makes the first <paramref name="length"/> bytes of the reserved room a datagram to <paramref name="peer"/>.</summary>
    void Commit(in PeerAddress peer, int length);

    /// <summary>
    /// Sends what is gathered, in order. Waits for a full send buffer at most <see cref="UdpSocketOptions.SendTimeout"/>, then
    /// drops the rest; a datagram that the system refuses (too long for the path, forbidden, unreachable) is dropped alone.
    /// </summary>
    void Flush();

    /// <summary>Datagrams dropped so far. May be read from any thread.</summary>
    long Dropped { get; }
}
