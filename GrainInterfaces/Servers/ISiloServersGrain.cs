using Orleans;

namespace Shortline.GrainInterfaces;

/// <summary>
/// Which servers of a pool a silo has. It lives on the silo it tells of and knows them from there, so a controller that starts anew, when all that
/// knew the fleet went with a silo, finds those that are left. Key: <c>pool@silo</c>.
/// </summary>
[Alias("Shortline.ISiloServersGrain")]
public interface ISiloServersGrain : IGrainWithStringKey
{
    /// <summary>The ids of the servers that were started there and have not ended.</summary>
    [Alias("GetServers")]
    Task<IReadOnlyList<string>> GetServers();
}
