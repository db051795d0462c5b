namespace Shortline.Gateway;

/// <summary>Requests as they came in, each with where its answer goes: datagrams or lines. Valid until the next are taken in.</summary>
internal interface IRequestBatch
{
    /// <summary>The bytes of one request; may be none.</summary>
    ReadOnlySpan<byte> Request(int index);

    /// <summary>Who sent it.</summary>
    ref readonly PeerAddress Peer(int index);

    /// <summary>Whether the request was longer than what <see cref="Request"/> shows.</summary>
    bool Truncated(int index);
}
