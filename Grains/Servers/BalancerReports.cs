using Orleans;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>Reports to the pool's balancer.</summary>
internal sealed class BalancerReports(IGrainFactory grains) : IServerReports
{
    public Task Report(string pool, ServerResponse report) => grains.GetGrain<IBalancerGrain>(pool).Report(report);
}
