using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>Finds the silo that a key names among those there are.</summary>
/// <remarks>It may be asked for every call, so it makes the text of an address once.</remarks>
internal sealed class SiloOfKeyPlacementDirector : IPlacementDirector
{
    /// <summary>Runs of silos kept: far more than a cluster has at a time, and so few that a cluster that lives for years keeps no more.</summary>
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

        throw new SiloUnavailableException($"{target.GrainIdentity} lives on the silo that its key names and nowhere else, and that silo is not there.");
    }

    private Task<SiloAddress> Keep(string text, SiloAddress silo)
    {
        if (_byText.Count >= Kept)
            _byText.Clear();
        return _byText[text] = Task.FromResult(silo);
    }
}
