using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>
/// One client's request within a <see cref="RequestBatch"/>. Its texts lie one behind the other in the batch's bytes, from
/// <see cref="Offset"/>: id (as it came, a raw JSON token), operation (UTF-8), payload (raw JSON, may be empty).
/// </summary>
[GenerateSerializer, Immutable, Alias("Shortline.ClientRequest")]
public readonly record struct ClientRequest
{
    /// <summary>The gateway's own number for the request; comes back in the response.</summary>
    [Id(0)] public required long Ticket { get; init; }

    /// <summary>Where the request's bytes begin in the batch.</summary>
    [Id(1)] public required int Offset { get; init; }

    /// <summary>Bytes of the id.</summary>
    [Id(2)] public required int IdLength { get; init; }

    /// <summary>Bytes of the operation's name.</summary>
    [Id(3)] public required int OperationLength { get; init; }

    /// <summary>Bytes of the payload.</summary>
    [Id(4)] public required int PayloadLength { get; init; }

    /// <summary>The client, or 0 if it did not say.</summary>
    [Id(5)] public long ClientId { get; init; }

    /// <summary>Milliseconds left until nobody waits for the answer any more, counted from the moment the batch arrives.</summary>
    [Id(6)] public required int TimeLeftMs { get; init; }

    /// <summary>Bytes of the whole request in the batch.</summary>
    public int Length => IdLength + OperationLength + PayloadLength;
}
