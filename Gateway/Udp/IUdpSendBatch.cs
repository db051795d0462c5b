namespace Shortline.Gateway.Udp;

/// <summary>Collects datagrams and sends them together. Not safe for several threads.</summary>
internal interface IUdpSendBatch : IDisposable
{
    /// <summary>Whether <see cref="Reserve"/> has memory for a datagram of <paramref name="size"/> bytes without a flush.</summary>
    bool HasRoom(int size);

    /// <summary>
    /// Returns memory for one datagram of at most <paramref name="size"/> bytes (0 to 65,507), valid until the next call. If the batch or
    /// its memory is full, it is flushed first. A reservation that is never committed has no effect.
    /// </summary>
    Span<byte> Reserve(int size);

    /// <summary>Adds the first <paramref name="length"/> bytes of the reserved memory as a datagram to <paramref name="peer"/>.</summary>
    void Commit(in PeerAddress peer, int length);

    /// <summary>
    /// Sends the collected datagrams in order. If the send buffer stays full for <see cref="UdpSocketOptions.SendTimeout"/>, the rest is
    /// dropped. A datagram that the system refuses (too long for the path, forbidden, unreachable) is dropped alone.
    /// </summary>
    void Flush();

    /// <summary>The number of datagrams dropped so far. Safe to read from any thread.</summary>
    long Dropped { get; }
}
