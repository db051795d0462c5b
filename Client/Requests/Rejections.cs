using Shortline.Protocol.Responses;

namespace Shortline.Client.Requests;

/// <summary>Tells why a gateway or server rejected a request.</summary>
internal static class Rejections
{
    /// <summary>A gateway is stopping: another gateway would take the request.</summary>
    private static ReadOnlySpan<byte> GatewayStopping => "gateway_stopping"u8;

    /// <summary>A server is draining. A client that talks to gateways sees it only if there is no other server.</summary>
    private static ReadOnlySpan<byte> Draining => "draining"u8;

    /// <summary>The gateway knows no server, or the server of a port has ended.</summary>
    private static ReadOnlySpan<byte> NoServer => "no_server"u8;

    /// <summary>Whether the sender stops and gets no new requests.</summary>
    /// <param name="response">The response.</param>
    /// <param name="isDirect">Whether it comes from a server rather than from a gateway.</param>
    public static bool IsStopping(in ResponseView response, bool isDirect) => response.Status == ResponseStatus.Rejected
        && (response.Reason.SequenceEqual(GatewayStopping)
            || (isDirect && (response.Reason.SequenceEqual(Draining) || response.Reason.SequenceEqual(NoServer))));

    /// <summary>
    /// Whether a rejection says nothing about overload: gateways or servers are starting or stopping, so sending less does not help.
    /// </summary>
    public static bool IsAbsence(in ResponseView response) => response.Reason.SequenceEqual(GatewayStopping)
        || response.Reason.SequenceEqual(Draining)
        || response.Reason.SequenceEqual(NoServer);
}
