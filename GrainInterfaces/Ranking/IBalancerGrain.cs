using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>
/// The registry and ranking of record of one pool. Takes reports, ranks servers, pushes rankings to the gateways, tells the
/// controller. Never on the path of a request. Key: the pool.
/// </summary>
[Alias("Shortline.IBalancerGrain")]
public interface IBalancerGrain : IGrainWithStringKey
{
    /// <summary>A server's report. May be lost: the next one, or the controller's own look, makes up for it.</summary>
    [OneWay, Alias("Report")]
    Task Report(ServerResponse report);

    /// <summary>A server that the controller has started. When this returns, rankings have it, and another one may go.</summary>
    [Alias("Register")]
    Task Register(ServerResponse report);

    /// <summary>
    /// A gateway renews its lease as a receiver of rankings, says what it saw, and gets the ranking. Called on an interval; a gateway
    /// that stays away for three of them is forgotten.
    /// </summary>
    /// <remarks>
    /// A gateway does not hear that the silo of its call has died. The short timeout makes it ask again, when the balancer lives elsewhere.
    /// </remarks>
    [Alias("Refresh"), ResponseTimeout("00:00:02")]
    Task<ServerRanking> Refresh(GatewayReport report, IGatewayObserver observer);

    /// <summary>The ranking of now, without taking a lease. A balancer that has just been activated may know only a part of it.</summary>
    [ReadOnly, Alias("GetRanking")]
    Task<ServerRanking> GetRanking();

    /// <summary>
    /// Takes servers out of the registry: the controller found them gone or has stopped them. Reports of theirs that are still on the way
    /// bring none of them back.
    /// </summary>
    [Alias("Remove")]
    Task Remove(IReadOnlyList<EndedServer> ended);

    /// <summary>Changes the algorithm of all gateways.</summary>
    /// <param name="algorithm">A name of <c>load_balancer.algorithm</c>.</param>
    /// <returns>Whether there is such an algorithm; if not, nothing changed.</returns>
    [Alias("SetAlgorithm")]
    Task<bool> SetAlgorithm(string algorithm);
}
