namespace Shortline.Client.Tcp;

/// <summary>Opens the connections of one <see cref="ConnectionSlot"/>: to one gateway, or to a server that a gateway names.</summary>
internal interface IDialer
{
    /// <summary>How long a connection gets new requests before another one replaces it; infinite if there is no other peer.</summary>
    TimeSpan Lifetime { get; }

    /// <summary>Opens a connection.</summary>
    /// <returns>An open connection; null if no peer accepts in time.</returns>
    Task<DialedConnection?> Dial(CancellationToken cancellation);

    /// <summary>Notes whether the peer answered the first request, which is a probe.</summary>
    void Served(bool isServed);

    /// <summary>Avoids the peer that was dialled last for a while.</summary>
    void Avoid();
}
