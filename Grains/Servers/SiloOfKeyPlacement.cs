using Orleans.Placement;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>Places a grain on the silo that its key names.</summary>
internal sealed class SiloOfKeyPlacement : PlacementStrategy
{
    /// <summary>
    /// False, because the key already says where the grain is. An entry in Orleans' grain directory would do harm: another silo keeps it,
    /// and when that silo is lost, Orleans deactivates the grain although the grain's own silo is well.
    /// </summary>
    public override bool IsUsingGrainDirectory => false;
}

/// <summary>Marks a grain class whose grains live on the silo that their key names, see <see cref="ServerKey"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SiloOfKeyPlacementAttribute() : PlacementAttribute(new SiloOfKeyPlacement());
