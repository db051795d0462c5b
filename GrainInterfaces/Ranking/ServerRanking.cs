using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>The servers of a pool, the shortest queue first.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ServerRanking")]
public sealed record ServerRanking
{
    /// <summary>A ranking with a larger version is newer, over restarts of the balancer too.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>Servers that have reported, ranked by load per worker; those that take no work come last.</summary>
    [Id(1)] public required ImmutableArray<ServerResponse> Servers { get; init; }

    /// <summary>How many gateways hold a lease: what one gateway sends, it expects each of the others to send as well.</summary>
    [Id(2)] public required int GatewayCount { get; init; }

    /// <summary>The algorithm that gateways use.</summary>
    [Id(3)] public required string Algorithm { get; init; }
}
