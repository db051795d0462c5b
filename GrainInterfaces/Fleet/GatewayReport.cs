using System.Collections.Immutable;
using Orleans;

namespace Shortline.GrainInterfaces.Fleet;

/// <summary>The report that a gateway sends when it renews its lease.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.GatewayReport")]
public sealed record GatewayReport
{
    /// <summary>The gateway's id, a different one for each run.</summary>
    [Id(0)] public required string GatewayId { get; init; }

    /// <summary>Requests in flight.</summary>
    [Id(1)] public int InFlight { get; init; }

    /// <summary>Requests it has received since it started.</summary>
    [Id(2)] public long Received { get; init; }

    /// <summary>
    /// Ids of servers that did not answer its calls, because their silo is gone for example. The controller then looks at the fleet at
    /// once.
    /// </summary>
    [Id(3)] public ImmutableArray<string> Unreachable { get; init; } = [];

    /// <summary>
    /// The version of the gateway's ranking; 0 for none. A new activation of the balancer, perhaps on a machine whose clock is behind,
    /// continues from there, because gateways ignore rankings that are older than theirs.
    /// </summary>
    [Id(4)] public long RankingVersion { get; init; }
}
