using Orleans;
using Shortline.Protocol.Responses;

namespace Shortline.GrainInterfaces.Requests;

/// <summary>The answer to one <see cref="ClientRequest"/>, within a <see cref="ResponseBatch"/>.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ClientResponse")]
public readonly record struct ClientResponse
{
    /// <summary>The request's ticket.</summary>
    [Id(0)] public required long Ticket { get; init; }

    /// <summary>The status.</summary>
    [Id(1)] public required ResponseStatus Status { get; init; }

    /// <summary>The reason, if the status is <see cref="ResponseStatus.Rejected"/>.</summary>
    [Id(2)] public RejectReason Reason { get; init; }

    /// <summary>The offset of the body in the batch's bytes.</summary>
    [Id(3)] public int Offset { get; init; }

    /// <summary>
    /// Bytes of the body, which is the result as raw JSON if the status is <see cref="ResponseStatus.Ok"/>, else the error as UTF-8 text.
    /// </summary>
    [Id(4)] public int Length { get; init; }

    /// <summary>Time in service, in microseconds; 0 only if no handler had the request.</summary>
    [Id(5)] public int ServiceTimeUs { get; init; }
}

/// <summary>Why a server did not accept a request, or gave it back. The request has not run.</summary>
public enum RejectReason
{
    /// <summary>The request was accepted.</summary>
    None = 0,

    /// <summary>The server's queue is full.</summary>
    QueueFull = 1,

    /// <summary>The server is draining or stopped.</summary>
    Draining = 2,

    /// <summary>This activation of the server is not started.</summary>
    NotStarted = 3,

    /// <summary>The server gives a request back that waits or has just come, because other servers have shorter queues.</summary>
    Shared = 4,

    /// <summary>The server cannot finish the request before its deadline, or has more work than it completes.</summary>
    Overloaded = 5,
}
