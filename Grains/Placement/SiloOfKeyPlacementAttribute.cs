using Orleans.Placement;

namespace Shortline.Grains;

/// <summary>Marks a grain class whose grains live on the silo that their key names, see <see cref="GrainInterfaces.ServerKey"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SiloOfKeyPlacementAttribute() : PlacementAttribute(new SiloOfKeyPlacement());
