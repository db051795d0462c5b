namespace Orleans.Runtime;

/// <summary>The base of ways to choose a grain's silo. Each has an <see cref="Placement.IPlacementDirector"/> that carries it out.</summary>
public abstract class PlacementStrategy;
