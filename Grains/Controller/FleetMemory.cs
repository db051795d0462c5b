using Orleans;

namespace Shortline.Grains;

/// <summary>What outlives a controller.</summary>
[GenerateSerializer, Alias("Shortline.FleetMemory")]
internal sealed class FleetMemory
{
    /// <summary>Servers that the fleet should have; 0 before the first decision.</summary>
    [Id(0)] public int Desired { get; set; }

    /// <summary>The number below which a person does not want it shrunk; 0 for what the settings say.</summary>
    [Id(1)] public int Minimum { get; set; }

    // Id 2 was the ids of servers, without their silos.

    /// <summary>The servers there are, so that a new controller finds them again.</summary>
    [Id(3)] public List<KnownServer> Servers { get; set; } = [];
}
