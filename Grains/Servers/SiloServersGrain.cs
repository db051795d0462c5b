using System.Collections.Immutable;
using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>Lists the servers of its own silo.</summary>
[SiloOfKeyPlacement]
internal sealed class SiloServersGrain(SiloServers servers) : Grain, ISiloServersGrain
{
    private string Pool
    {
        get
        {
            var key = this.GetPrimaryKeyString();
            return key[..key.LastIndexOf('@')];
        }
    }

    public Task<IReadOnlyList<string>> GetServers() => Task.FromResult(servers.Of(Pool));

    public Task<ImmutableArray<ServerResponse>> GetReports() => Task.FromResult(servers.ReportsOf(Pool));
}
