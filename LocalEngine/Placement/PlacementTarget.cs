namespace Orleans.Runtime.Placement;

/// <summary>The grain that needs a silo.</summary>
public readonly struct PlacementTarget
{
    internal PlacementTarget(GrainId grainIdentity) => GrainIdentity = grainIdentity;

    /// <summary>Its id.</summary>
    public GrainId GrainIdentity { get; }
}
