using Orleans;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>Receives the reports of servers.</summary>
internal interface IServerReports
{
    /// <summary>Hands over a report, which may be lost on the way.</summary>
    Task Report(string pool, ServerResponse report);
}

/// <summary>Sends reports to the balancer of the server's pool.</summary>
internal sealed class BalancerReports(IGrainFactory grains) : IServerReports
{
    public Task Report(string pool, ServerResponse report) => grains.GetGrain<IBalancerGrain>(pool).Report(report);
}
