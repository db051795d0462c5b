using Shortline.Gateway.Udp;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>A request that has arrived, parsed and identified. That needs no lock.</summary>
internal ref struct ArrivedRequest
{
    /// <summary>What the request says.</summary>
    public RequestView View;

    /// <summary>Why it is invalid; <see cref="InvalidReason.None"/> if it is not.</summary>
    public InvalidReason Reason;

    /// <summary>Its identity: see <see cref="RequestKey"/>. Empty if it is invalid.</summary>
    public ReadOnlySpan<byte> Key;

    /// <summary>The hash of the identity.</summary>
    public int Hash;

    /// <summary>The sender, to whom the answer goes, and how large the answer may be.</summary>
    public Recipient Recipient;

    /// <summary>The sender.</summary>
    public readonly PeerAddress Peer => Recipient.Peer;

    /// <summary>Whether the gateway made it itself: see <see cref="IRequestBatch.AreOwn"/>.</summary>
    public bool IsOwn;

    /// <summary>Parses and identifies a request.</summary>
    /// <param name="bytes">The bytes of the request.</param>
    /// <param name="isTruncated">Whether it was longer than these bytes.</param>
    /// <param name="peer">The sender.</param>
    /// <param name="tokens">Checks the token, if the request has one.</param>
    /// <param name="keyRoom">Memory for the key, of <see cref="RequestKey.MaxLength"/> bytes.</param>
    public static ArrivedRequest Read(
        ReadOnlySpan<byte> bytes, bool isTruncated, in PeerAddress peer, AddressTokens tokens, Span<byte> keyRoom)
    {
        var request = default(ArrivedRequest);
        request.Reason = RequestParser.Parse(bytes, out request.View);
        request.Recipient = Recipient.Of(peer, bytes.Length, request.View.Token, tokens);
        if (isTruncated)
            request.Reason = InvalidReason.TooLarge;
        if (request.Reason == InvalidReason.None)
            request.Key = RequestKey.Write(keyRoom, request.View, peer);
        request.Hash = RequestKey.Hash(request.Key);
        return request;
    }
}
