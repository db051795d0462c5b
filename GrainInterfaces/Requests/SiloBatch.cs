using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Requests;

/// <summary>Requests of one gateway for several servers of one silo. One call instead of one for each server.</summary>
/// <remarks>The memory must not change during a call, as that of a <see cref="RequestBatch"/>.</remarks>
[GenerateSerializer, Immutable, Alias("Shortline.SiloBatch")]
public readonly record struct SiloBatch
{
    /// <summary>The gateway that sends the batch.</summary>
    [Id(0)] public required string GatewayId { get; init; }

    /// <summary>The requests of each server.</summary>
    [Id(1)] public required ReadOnlyMemory<ServerPart> Parts { get; init; }
}

/// <summary>The requests for one server in a <see cref="SiloBatch"/>.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ServerPart")]
public readonly record struct ServerPart
{
    /// <summary>The server's id within its pool.</summary>
    [Id(0)] public required string ServerId { get; init; }

    /// <summary>See <see cref="RequestBatch.Requests"/>.</summary>
    [Id(1)] public required ReadOnlyMemory<ClientRequest> Requests { get; init; }

    /// <summary>See <see cref="RequestBatch.Bytes"/>.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Bytes { get; init; }
}

/// <summary>The result of <see cref="ISiloIntakeGrain.Submit"/>: one receipt for each part, in the same order.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.SiloReceipt")]
public readonly record struct SiloReceipt
{
    /// <summary>The receipts.</summary>
    [Id(0)] public required ReadOnlyMemory<ServerReceipt> Parts { get; init; }
}

/// <summary>What became of one part of a <see cref="SiloBatch"/>.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ServerReceipt")]
public readonly record struct ServerReceipt
{
    /// <summary>Whether the server has the requests.</summary>
    [Id(0)] public required PartState State { get; init; }

    /// <summary>The server's receipt, if it is <see cref="PartState.Done"/>.</summary>
    [Id(1)] public BatchReceipt Receipt { get; init; }
}

/// <summary>Whether a server has the requests of a <see cref="ServerPart"/>.</summary>
public enum PartState
{
    /// <summary>The server is busy or does not run here. It has not got the requests, which are to be sent to its grain.</summary>
    NotTaken = 0,

    /// <summary>The server has them, and its receipt is there.</summary>
    Done = 1,

    /// <summary>
    /// The server works on them and has not returned. Its responses come through <see cref="IGatewayObserver.OnResponses"/>.
    /// </summary>
    Working = 2,
}
