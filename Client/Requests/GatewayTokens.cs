using Shortline.Protocol.Requests;

namespace Shortline.Client.Requests;

/// <summary>
/// The tokens by which gateways know that this client receives what is sent to its address. Without one, a gateway that is not on loopback
/// sends no answer of more than three times the bytes of its request. Each gateway has tokens of its own. Thread-safe.
/// </summary>
/// <param name="gateways">The number of gateways.</param>
internal sealed class GatewayTokens(int gateways)
{
    /// <summary>The longest token that is kept. Those of gateways have 22 bytes.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// Longer requests need no token, because no answer is longer than three times their bytes; and some have no room for one.
    /// </summary>
    private const int LongestTail = RequestParser.MaxDatagram / 2;

    private readonly byte[]?[] _tokens = new byte[gateways][];

    /// <summary>The token for a request.</summary>
    /// <param name="gateway">The gateway that it is sent to.</param>
    /// <param name="tailLength">The length of the request behind its head.</param>
    /// <returns>The token; empty if the gateway has asked for none, or the request needs none.</returns>
    public ReadOnlySpan<byte> For(int gateway, int tailLength) =>
        tailLength <= LongestTail ? Volatile.Read(ref _tokens[gateway]) : default(ReadOnlySpan<byte>);

    /// <summary>Keeps the token that a gateway has sent.</summary>
    /// <returns>Whether it is one.</returns>
    public bool TryKeep(int gateway, ReadOnlySpan<byte> token)
    {
        if (token.Length is 0 or > MaxLength)
            return false;

        // The requests that were in flight together get the same token.
        if (!token.SequenceEqual(Volatile.Read(ref _tokens[gateway])))
            Volatile.Write(ref _tokens[gateway], token.ToArray());
        return true;
    }
}
