using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Requests;

/// <summary>
/// A batch of received requests (datagrams or lines) with the address for each answer. Valid until the next batch is received.
/// </summary>
internal interface IRequestBatch
{
    /// <summary>Returns the bytes of a request; may be empty.</summary>
    ReadOnlySpan<byte> Request(int index);

    /// <summary>Returns the sender of a request.</summary>
    ref readonly PeerAddress Peer(int index);

    /// <summary>Whether the request was longer than the bytes that <see cref="Request"/> returns.</summary>
    bool Truncated(int index);

    /// <summary>Whether the gateway made the requests itself, with timeouts that it has chosen. They may be longer than those of clients.</summary>
    bool AreOwn => false;
}
