using Orleans;

namespace Shortline.Grains.Fleet;

/// <summary>The stored state of a controller.</summary>
[GenerateSerializer, Alias("Shortline.FleetMemory")]
internal sealed class FleetMemory
{
    /// <summary>The number of servers that the fleet should have; 0 before the first decision.</summary>
    [Id(0)] public int Desired { get; set; }

    /// <summary>The least number of servers that a person has asked for; 0 for the number in the settings.</summary>
    [Id(1)] public int Minimum { get; set; }

    // Id 2 was the ids of servers, without their silos.

    /// <summary>The servers of the fleet, so that a new controller finds them again.</summary>
    [Id(3)] public List<KnownServer> Servers { get; set; } = [];
}

/// <summary>A server in the stored state of a controller.</summary>
/// <param name="Id">Its id within the pool.</param>
/// <param name="SiloAddress">The silo it lives on.</param>
/// <param name="Incarnation">Its incarnation.</param>
[GenerateSerializer, Alias("Shortline.KnownServer")]
internal sealed record KnownServer([property: Id(0)] string Id, [property: Id(1)] string SiloAddress, [property: Id(2)] long Incarnation);
