using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Fleet;

/// <summary>
/// The registry and ranking of record of one pool. Takes reports, ranks servers, pushes rankings to the gateways and informs the
/// controller. Never on the path of a request. Key: the pool.
/// </summary>
[Alias("Shortline.IBalancerGrain")]
public interface IBalancerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes reports of servers, usually of those of one silo that have something new. They may be lost; the next reports or the
    /// controller's next look replace them.
    /// </summary>
    [OneWay, Alias("Report")]
    Task Report(ImmutableArray<ServerResponse> reports);

    /// <summary>
    /// Registers servers that the controller has started. When this returns, rankings include them, and other servers may be drained.
    /// </summary>
    [Alias("Register")]
    Task Register(ImmutableArray<ServerResponse> reports);

    /// <summary>
    /// Renews the lease of a gateway, which receives rankings while it lasts, and returns the ranking, or no changes if the gateway has the
    /// latest version. Gateways call it on an interval; the lease ends after three intervals without a call.
    /// </summary>
    /// <remarks>
    /// A gateway is not told that the silo that it called was lost. The short timeout makes it call again, when the balancer is active on
    /// another silo.
    /// </remarks>
    [Alias("Refresh"), ResponseTimeout("00:00:02")]
    Task<ServerRanking> Refresh(GatewayReport report, IGatewayObserver observer);

    /// <summary>Returns the present ranking, without a lease. It may be incomplete right after the activation of the balancer.</summary>
    [ReadOnly, Alias("GetRanking")]
    Task<ServerRanking> GetRanking();

    /// <summary>
    /// Removes servers that the controller found lost or has stopped. Their late reports are ignored.
    /// </summary>
    [Alias("Remove")]
    Task Remove(IReadOnlyList<EndedServer> ended);

    /// <summary>Changes the algorithm that all gateways use.</summary>
    /// <param name="algorithm">A name of <c>load_balancer.algorithm</c>.</param>
    /// <returns>False if there is no such algorithm; nothing is changed then.</returns>
    [Alias("SetAlgorithm")]
    Task<bool> SetAlgorithm(string algorithm);
}

/// <summary>A server that has ended.</summary>
/// <param name="Identity">Its id within its pool.</param>
/// <param name="Incarnation">The last incarnation that has ended. A later one of the same id is another server and stays.</param>
[GenerateSerializer, Immutable, Alias("Shortline.EndedServer")]
public readonly record struct EndedServer([property: Id(0)] string Identity, [property: Id(1)] long Incarnation);
