using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Requests;

/// <summary>The source of a request, to which its answer goes, and how large the answer may be.</summary>
/// <param name="Peer">The source.</param>
/// <param name="Limit">
/// The most bytes of an answer; <see cref="int.MaxValue"/> for a source that cannot be forged or has proven its address.
/// </param>
internal readonly record struct Recipient(PeerAddress Peer, int Limit)
{
    /// <summary>
    /// The most that an address gets for each byte that it sent, unless it has proven that it receives what is sent to it. Otherwise forged
    /// sources could turn the gateway into an amplifier of floods (RFC 9000, section 8).
    /// </summary>
    public const int Factor = 3;

    /// <summary>Whether answers of any size may go there.</summary>
    public bool IsProven => Limit == int.MaxValue;

    /// <summary>Finds what the source of a request may get. Costs a hash for a request with a token, and two comparisons for others.</summary>
    /// <param name="peer">The source.</param>
    /// <param name="length">The length of the request in bytes.</param>
    /// <param name="token">The token in the request; empty if there is none.</param>
    /// <param name="tokens">Checks the token.</param>
    public static Recipient Of(in PeerAddress peer, int length, ReadOnlySpan<byte> token, AddressTokens tokens)
    {
        var isProven = peer.IsConnection || peer.IsLoopback || (!token.IsEmpty && tokens.IsValid(token, peer));
        return new Recipient(peer, isProven ? int.MaxValue : Factor * length);
    }

    /// <summary>
    /// The recipient of an answer to a request that came again from <paramref name="latest"/>. A source may get what it may get for either
    /// of its datagrams.
    /// </summary>
    public Recipient JoinedBy(in Recipient latest) => latest.Peer == Peer ? latest with { Limit = Math.Max(Limit, latest.Limit) } : latest;
}
