using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Requests;

/// <summary>
/// Requests of one gateway for one server: one array of fixed-size records over one block of bytes. A batch takes two pieces of memory
/// whatever the number of its requests, so it costs few allocations.
/// </summary>
/// <remarks>
/// The memory must not change during a call: <c>[Immutable]</c> makes Orleans pass it without a copy. The gateway reuses it after
/// <see cref="IServerGrain.Submit"/> has returned.
/// </remarks>
[GenerateSerializer, Immutable, Alias("Shortline.RequestBatch")]
public readonly record struct RequestBatch
{
    /// <summary>The gateway that sends the batch, so that the server can say how much of its load came from that gateway.</summary>
    [Id(0)] public required string GatewayId { get; init; }

    /// <summary>The requests, in order of arrival.</summary>
    [Id(1)] public required ReadOnlyMemory<ClientRequest> Requests { get; init; }

    /// <summary>Ids, operations and payloads of all requests.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The raw JSON token of a request's id.</summary>
    public ReadOnlySpan<byte> IdOf(in ClientRequest request) => Bytes.Span.Slice(request.Offset, request.IdLength);

    /// <summary>The UTF-8 name of a request's operation.</summary>
    public ReadOnlySpan<byte> OperationOf(in ClientRequest request) =>
        Bytes.Span.Slice(request.Offset + request.IdLength, request.OperationLength);

    /// <summary>A request's payload: raw JSON, or empty.</summary>
    public ReadOnlyMemory<byte> PayloadOf(in ClientRequest request) =>
        Bytes.Slice(request.Offset + request.IdLength + request.OperationLength, request.PayloadLength);
}
