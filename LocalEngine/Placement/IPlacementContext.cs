namespace Orleans.Runtime.Placement;

/// <summary>What a director chooses from.</summary>
public interface IPlacementContext
{
    /// <summary>The silos that take new activations.</summary>
    SiloAddress[] GetCompatibleSilos(PlacementTarget target);
}
