using Orleans;
using Orleans.Concurrency;
using Shortline.Protocol;

namespace Shortline.GrainInterfaces;

/// <summary>The answer to one <see cref="ClientRequest"/>, within a <see cref="ResponseBatch"/>.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ClientResponse")]
public readonly record struct ClientResponse
{
    /// <summary>The request's ticket.</summary>
    [Id(0)] public required long Ticket { get; init; }

    /// <summary>How it went.</summary>
    [Id(1)] public required ResponseStatus Status { get; init; }

    /// <summary>Why, if the status is <see cref="ResponseStatus.Rejected"/>.</summary>
    [Id(2)] public RejectReason Reason { get; init; }

    /// <summary>Where the body begins in the batch's bytes.</summary>
    [Id(3)] public int Offset { get; init; }

    /// <summary>Bytes of the body: the result as raw JSON if <see cref="ResponseStatus.Ok"/>, else the error as UTF-8 text.</summary>
    [Id(4)] public int Length { get; init; }

    /// <summary>Time in service, in microseconds; 0 only if no handler had it.</summary>
    [Id(5)] public int ServiceTimeUs { get; init; }
}
