using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Shortline.LocalEngine;

/// <summary>Names the silo of a grain: a function of its id and the silos there are, so that all who see the same silos agree.</summary>
internal static class Placer
{
    /// <summary>By the director that the grain's class asks for, else by rendezvous hashing.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="class">Its class; null where the process does not have it.</param>
    /// <param name="silos">The silos that take new activations.</param>
    /// <param name="services">Where the director is registered.</param>
    /// <returns>The silo, or null if there is none at all.</returns>
    /// <exception cref="SiloUnavailableException">The director finds none good.</exception>
    public static IClusterSilo? Place(GrainId grainId, GrainClass? @class, IReadOnlyList<IClusterSilo> silos, IServiceProvider services)
    {
        if (@class?.Placement is not { } strategy)
        {
            return Rendezvous(grainId, silos);
        }

        var director = services.GetKeyedService<IPlacementDirector>(strategy.GetType())
            ?? throw new OrleansException($"There is no director for {strategy.GetType().Name}: add it with AddPlacementDirector.");
        var choice = director.OnAddActivation(strategy, new PlacementTarget(grainId), new Choice(silos));
        var address = choice.IsCompleted
            ? choice.GetAwaiter().GetResult()
            : throw new NotSupportedException($"{director.GetType().Name} awaits something: here a director answers at once.");
        return silos.FirstOrDefault(silo => silo.Address.Equals(address))
            ?? throw new SiloUnavailableException($"{grainId} belongs on {address}, which takes no grains.");
    }

    /// <summary>The silo with the largest weight for the grain: when a silo comes or goes, no grain moves that need not.</summary>
    public static IClusterSilo? Rendezvous(GrainId grainId, IReadOnlyList<IClusterSilo> silos) =>
        silos.MaxBy(silo => StableHash.Of(grainId.Kind, grainId.KeyText, silo.Address.ToString()));

    private sealed class Choice(IReadOnlyList<IClusterSilo> silos) : IPlacementContext
    {
        public SiloAddress[] GetCompatibleSilos(PlacementTarget target) => [.. silos.Select(silo => silo.Address)];
    }
}
