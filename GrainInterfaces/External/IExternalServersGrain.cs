using Orleans;

namespace Shortline.GrainInterfaces;

/// <summary>
/// The servers of a pool that are programs of somebody else's: gives each a grain on one of the silos, and another one when that silo is gone. What it
/// knows is soft: it learns it anew from the ranking and the next reports. Key: the pool.
/// </summary>
[Alias("Shortline.IExternalServersGrain")]
public interface IExternalServersGrain : IGrainWithStringKey
{
    /// <summary>Takes reports that a gateway has received. Gateways also call it without any, on an interval, so that it looks after the servers it has.</summary>
    /// <param name="reports">The latest of each server.</param>
    /// <returns>Ids of those among them that have left, or were silent for so long that they are forgotten.</returns>
    [Alias("Report")]
    Task<IReadOnlyList<string>> Report(IReadOnlyList<ExternalReport> reports);
}
