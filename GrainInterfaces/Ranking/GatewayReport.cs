using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>What a gateway says of itself when it renews its lease.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.GatewayReport")]
public sealed record GatewayReport
{
    /// <summary>The gateway's id, its own for each run.</summary>
    [Id(0)] public required string GatewayId { get; init; }

    /// <summary>Requests it waits for.</summary>
    [Id(1)] public int InFlight { get; init; }

    /// <summary>Requests it has received since it started.</summary>
    [Id(2)] public long Received { get; init; }

    /// <summary>Ids of servers that did not answer its calls (their silo is gone): a reason for the controller to look at once.</summary>
    [Id(3)] public ImmutableArray<string> Unreachable { get; init; } = [];

    /// <summary>
    /// The version of the ranking it has, 0 for none. A balancer that starts anew, perhaps on a machine whose clock is behind, counts on from there:
    /// gateways take no ranking that is older than theirs.
    /// </summary>
    [Id(4)] public long RankingVersion { get; init; }
}
