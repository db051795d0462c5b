using Orleans;
using Shortline.Protocol.Requests;

namespace Shortline.GrainInterfaces.Requests;

/// <summary>
/// One client's request within a <see cref="RequestBatch"/>. Its parts follow one another in the batch's bytes, from <see cref="Offset"/>:
/// id (the raw JSON token that the client sent), operation (UTF-8), payload (raw JSON, may be empty).
/// </summary>
[GenerateSerializer, Immutable, Alias("Shortline.ClientRequest")]
public readonly record struct ClientRequest
{
    /// <summary>The gateway's own number for the request. The response carries it.</summary>
    [Id(0)] public required long Ticket { get; init; }

    /// <summary>The offset of the request's bytes in the batch.</summary>
    [Id(1)] public required int Offset { get; init; }

    /// <summary>Bytes of the id.</summary>
    [Id(2)] public required int IdLength { get; init; }

    /// <summary>Bytes of the operation's name.</summary>
    [Id(3)] public required int OperationLength { get; init; }

    /// <summary>Bytes of the payload.</summary>
    [Id(4)] public required int PayloadLength { get; init; }

    /// <summary>The client, or 0 if it did not say.</summary>
    [Id(5)] public long ClientId { get; init; }

    /// <summary>Milliseconds until the request's deadline, counted from the arrival of the batch.</summary>
    [Id(6)] public required int TimeLeftMs { get; init; }

    /// <summary>
    /// The number of requests at the server, waiting and in service, from which on the server returns this one with
    /// <see cref="RejectReason.Shared"/>, because others have shorter queues; 0 for never. The gateway then sends it once more, without this.
    /// </summary>
    [Id(7)] public int ReturnFrom { get; init; }

    /// <summary>Whether another server has had the request before.</summary>
    [Id(8)] public bool IsRetried { get; init; }

    /// <summary>
    /// The priority of the request less the usual one: a gateway of an earlier version sends none, and its requests are as important as most.
    /// </summary>
    [Id(9)] public int PriorityOffset { get; init; }

    /// <summary>The priority of the request, 0 to 9.</summary>
    public int Priority => RequestParser.UsualPriority + PriorityOffset;

    /// <summary>Bytes of the whole request in the batch.</summary>
    public int Length => IdLength + OperationLength + PayloadLength;
}
