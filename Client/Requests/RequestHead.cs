using Shortline.Protocol.Requests;

namespace Shortline.Client.Requests;

/// <summary>Writes the part of a request that differs each time it is sent.</summary>
internal static class RequestHead
{
    /// <summary>The longest head without a token: <c>{"id":…,"timeout_ms":…</c> with both numbers at their longest.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The timeout that is sent to the gateway is shorter than the client's by this, at most a tenth of it, so that an <c>expired</c>
    /// response arrives before the client gives up.
    /// </summary>
    private const int AnswerMarginMs = 250;

    /// <summary>Writes a head.</summary>
    /// <param name="datagram">The memory of the request.</param>
    /// <param name="id">The id.</param>
    /// <param name="timeLeftMs">Milliseconds until the client gives the request up.</param>
    /// <param name="token">The token for its gateway; empty if there is none.</param>
    /// <returns>The length.</returns>
    public static int Write(Span<byte> datagram, long id, int timeLeftMs, ReadOnlySpan<byte> token) =>
        RequestWriter.WriteHead(datagram, id, timeLeftMs - Math.Min(AnswerMarginMs, timeLeftMs / 10), token);
}
