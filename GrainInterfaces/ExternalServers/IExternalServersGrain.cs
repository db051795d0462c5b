using Orleans;

namespace Shortline.GrainInterfaces.ExternalServers;

/// <summary>
/// Manages the external servers of a pool: places the grain of each on one of the silos, and on another one when that silo is gone. Its
/// state is soft: a new activation takes it from the ranking and the next reports. Key: the pool.
/// </summary>
[Alias("Shortline.IExternalServersGrain")]
public interface IExternalServersGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes reports that a gateway has received. Gateways call it on an interval, with or without reports, so that it can move grains of
    /// lost silos.
    /// </summary>
    /// <param name="reports">The latest report of each external server.</param>
    /// <returns>The ids in these reports whose external servers have left or been forgotten after a long silence.</returns>
    [Alias("Report")]
    Task<IReadOnlyList<string>> Report(IReadOnlyList<ExternalReport> reports);
}
