using Orleans.Runtime;

namespace Orleans.Placement;

/// <summary>The base of attributes on a grain class that say how its silo is chosen. Without one, rendezvous hashing of its id does.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute : Attribute
{
    /// <summary>Says how.</summary>
    protected PlacementAttribute(PlacementStrategy placement) => PlacementStrategy = placement;

    /// <summary>How.</summary>
    public PlacementStrategy PlacementStrategy { get; }
}
