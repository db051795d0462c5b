using Orleans;

namespace Shortline.GrainInterfaces.Servers;

/// <summary>
/// Lists the servers of a pool on one silo. The grain lives on that silo and reads the silo's own list. When everything that knew the fleet
/// was lost with another silo, a new controller finds the remaining servers this way. Key: <c>pool@silo</c>.
/// </summary>
[Alias("Shortline.ISiloServersGrain")]
public interface ISiloServersGrain : IGrainWithStringKey
{
    /// <summary>Returns the ids of the servers that have started there and not ended.</summary>
    [Alias("GetServers")]
    Task<IReadOnlyList<string>> GetServers();
}
