using System.Collections.Immutable;
using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Fleet;

/// <summary>The servers of a pool, the shortest queue first.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ServerRanking")]
public sealed record ServerRanking
{
    /// <summary>A newer ranking has a larger version, also after a restart of the balancer.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>The servers that have reported, ranked by load per worker. Those that take no work come last.</summary>
    [Id(1)] public required ImmutableArray<ServerResponse> Servers { get; init; }

    /// <summary>
    /// The number of gateways that hold a lease. Each gateway assumes that every other one sends as much as it does itself.
    /// </summary>
    [Id(2)] public required int GatewayCount { get; init; }

    /// <summary>The algorithm that gateways use.</summary>
    [Id(3)] public required string Algorithm { get; init; }
}
