using System.Collections.Immutable;
using Orleans;

namespace Shortline.GrainInterfaces.Servers;

/// <summary>
/// Speaks for the servers of a pool on one silo. The grain lives on that silo and reads the silo's own list. A new controller finds the
/// servers this way when everything that knew the fleet was lost with another silo, and a controller asks a silo once instead of each of its
/// servers. Key: <c>pool@silo</c>.
/// </summary>
[Alias("Shortline.ISiloServersGrain")]
public interface ISiloServersGrain : IGrainWithStringKey
{
    /// <summary>Returns the ids of the servers that have started there and not ended.</summary>
    [Alias("GetServers")]
    Task<IReadOnlyList<string>> GetServers();

    /// <summary>
    /// Returns the present reports of these servers, except those that are in the middle of something, because nothing may wait for them.
    /// </summary>
    [Alias("GetReports")]
    Task<ImmutableArray<ServerResponse>> GetReports();
}
