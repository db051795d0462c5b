using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>Finds the silo that a key names among the silos of the cluster.</summary>
/// <remarks>Orleans may ask for every call, so the text of each silo's address is made once and kept.</remarks>
internal sealed class SiloOfKeyPlacementDirector : IPlacementDirector
{
    /// <summary>
    /// Addresses kept at most. A cluster has far fewer silos at a time; the limit is for a cluster that runs for years and sees many of
    /// them.
    /// </summary>
    private const int Kept = 1024;

    private readonly ConcurrentDictionary<string, Task<SiloAddress>> _byText = new(StringComparer.Ordinal);

    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (ServerKey.TryGetSilo(target.GrainIdentity.Key.ToString(), out var named))
        {
            if (_byText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(named, out var known) && silos.Contains(known.Result))
                return known;
            foreach (var silo in silos)
            {
                var text = silo.ToString();
                if (named.SequenceEqual(text))
                    return Keep(text, silo);
            }
        }

        throw new SiloUnavailableException($"{target.GrainIdentity} can live only on the silo that its key names, and that silo is not in the cluster.");
    }

    private Task<SiloAddress> Keep(string text, SiloAddress silo)
    {
        if (_byText.Count >= Kept)
            _byText.Clear();
        return _byText[text] = Task.FromResult(silo);
    }
}
