using Orleans.Runtime;

namespace Shortline.Grains;

/// <summary>Places a grain on the silo that its key names.</summary>
internal sealed class SiloOfKeyPlacement : PlacementStrategy
{
    /// <summary>
    /// False: the key says where the grain is. An entry in Orleans' grain directory would do harm: it is kept by another silo, and when that silo is
    /// lost, Orleans deactivates the grain although its own silo is well.
    /// </summary>
    public override bool IsUsingGrainDirectory => false;
}
