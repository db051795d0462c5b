using System.Collections.Immutable;
using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Fleet;

/// <summary>The servers of a pool, or what has changed since an earlier version.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ServerRanking")]
public sealed record ServerRanking
{
    /// <summary>A newer ranking has a larger version, also after a restart of the balancer.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>
    /// The servers: all of them, ranked by load per worker with those that take no work at the end; or those that have changed, in no order,
    /// if <see cref="Since"/> is not 0.
    /// </summary>
    [Id(1)] public required ImmutableArray<ServerResponse> Servers { get; init; }

    /// <summary>
    /// The number of gateways that hold a lease. Each gateway assumes that every other one sends as much as it does itself.
    /// </summary>
    [Id(2)] public required int GatewayCount { get; init; }

    /// <summary>The algorithm that gateways use.</summary>
    [Id(3)] public required string Algorithm { get; init; }

    /// <summary>
    /// The version whose changes these are; 0 if this is the whole ranking. A gateway that has an earlier version keeps them until
    /// it has those between; if they are lost, its next <see cref="IBalancerGrain.Refresh"/> returns the whole.
    /// </summary>
    [Id(4)] public long Since { get; init; }

    /// <summary>The servers that have left since then; empty in a whole ranking, which does not contain them.</summary>
    [Id(5)] public ImmutableArray<EndedServer> Ended { get; init; } = [];
}
