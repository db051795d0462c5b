using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>Lists the servers of its own silo.</summary>
[SiloOfKeyPlacement]
internal sealed class SiloServersGrain(SiloServers servers) : Grain, ISiloServersGrain
{
    public Task<IReadOnlyList<string>> GetServers()
    {
        var key = this.GetPrimaryKeyString();
        return Task.FromResult(servers.Of(key[..key.LastIndexOf('@')]));
    }
}
