using Orleans.Runtime;

namespace Shortline.Grains;

/// <summary>A grain lives on the silo that its key names.</summary>
internal sealed class SiloOfKeyPlacement : PlacementStrategy;
