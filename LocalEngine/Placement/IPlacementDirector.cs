namespace Orleans.Runtime.Placement;

/// <summary>Chooses the silo of grains of one <see cref="PlacementStrategy"/>.</summary>
public interface IPlacementDirector
{
    /// <summary>Chooses. Here it is asked for every call whose caller does not know the grain's silo, and has to give the same answer each time.</summary>
    /// <exception cref="SiloUnavailableException">No silo takes it.</exception>
    Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context);
}
