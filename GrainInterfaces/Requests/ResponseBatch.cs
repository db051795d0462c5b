using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Requests;

/// <summary>Responses of one server for one gateway, with the server's queue after them.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ResponseBatch")]
public readonly record struct ResponseBatch
{
    /// <summary>The server's id within its pool.</summary>
    [Id(0)] public required string ServerId { get; init; }

    /// <summary>See <see cref="ServerResponse.Incarnation"/>.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>See <see cref="ServerResponse.Sequence"/>.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>Requests waiting, without those in service.</summary>
    [Id(3)] public required int QueueLength { get; init; }

    /// <summary>Requests in service.</summary>
    [Id(4)] public required int InService { get; init; }

    /// <summary>How many of the waiting requests and those in service came from the gateway that gets this batch.</summary>
    [Id(5)] public required int OfThisGateway { get; init; }

    /// <summary>The responses.</summary>
    [Id(6)] public required ReadOnlyMemory<ClientResponse> Responses { get; init; }

    /// <summary>The bodies of all responses.</summary>
    [Id(7)] public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>A response's body.</summary>
    public ReadOnlySpan<byte> BodyOf(in ClientResponse response) => Bytes.Span.Slice(response.Offset, response.Length);
}
