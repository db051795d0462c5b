using System.Collections.Immutable;
using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Fleet;

/// <summary>What the balancer tells the controller: the reports that have changed, and the queues of the whole fleet.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ControllerRequest")]
public sealed record ControllerRequest
{
    /// <summary>The version of the ranking that it was made with.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>The servers whose reports have changed since the last request, and all that are external or not ready.</summary>
    [Id(1)] public required ImmutableArray<ServerResponse> Servers { get; init; }

    /// <summary>Servers that a gateway could not reach.</summary>
    [Id(2)] public ImmutableArray<string> Unreachable { get; init; } = [];

    /// <summary>Mean waiting requests per ready server of the fleet, without external servers.</summary>
    [Id(3)] public double MeanQueue { get; init; }
}
