using Orleans;

namespace Shortline.Grains;

/// <summary>What outlives a balancer.</summary>
[GenerateSerializer, Alias("Shortline.BalancerMemory")]
internal sealed class BalancerMemory
{
    /// <summary>The algorithm that somebody chose while the fleet was running; empty for what the settings say.</summary>
    [Id(0)] public string Algorithm { get; set; } = "";
}
