using Orleans;

namespace Shortline.Grains.Fleet;

/// <summary>The stored state of a balancer.</summary>
[GenerateSerializer, Alias("Shortline.BalancerMemory")]
internal sealed class BalancerMemory
{
    /// <summary>The algorithm chosen at run time; empty for the one in the settings.</summary>
    [Id(0)] public string Algorithm { get; set; } = "";
}
