using Orleans;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>Tells which servers are in this process.</summary>
[SiloOfKeyPlacement]
internal sealed class SiloServersGrain(SiloServers servers) : Grain, ISiloServersGrain
{
    public Task<IReadOnlyList<string>> GetServers()
    {
        var key = this.GetPrimaryKeyString();
        return Task.FromResult(servers.Of(key[..key.LastIndexOf('@')]));
    }
}
