using System.Collections.Immutable;
using Orleans;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>Receives the reports of servers.</summary>
internal interface IServerReports
{
    /// <summary>Hands over reports of servers of one pool, which may be lost on the way.</summary>
    Task Report(string pool, ImmutableArray<ServerResponse> reports);
}

/// <summary>Sends reports to the balancer of the servers' pool.</summary>
internal sealed class BalancerReports(IGrainFactory grains) : IServerReports
{
    public Task Report(string pool, ImmutableArray<ServerResponse> reports) => grains.GetGrain<IBalancerGrain>(pool).Report(reports);
}
