using Shortline.GrainInterfaces.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>The values of <c>reason</c> in <c>rejected</c> responses.</summary>
internal static class RejectReasons
{
    public static ReadOnlySpan<byte> NoServer => "no_server"u8;

    public static ReadOnlySpan<byte> GatewayFull => "gateway_full"u8;

    public static ReadOnlySpan<byte> Stopping => "gateway_stopping"u8;

    public static ReadOnlySpan<byte> Of(RejectReason reason) => reason switch
    {
        RejectReason.QueueFull => "queue_full"u8,
        RejectReason.Draining => "draining"u8,
        RejectReason.Overloaded => "overloaded"u8,
        _ => NoServer,
    };
}
