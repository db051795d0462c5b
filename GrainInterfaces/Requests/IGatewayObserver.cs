using Orleans;
using Orleans.Concurrency;
using Shortline.GrainInterfaces.Fleet;

namespace Shortline.GrainInterfaces.Requests;

/// <summary>
/// A gateway as servers and the balancer see it. Calls may be lost, arrive in another order, or arrive twice.
/// </summary>
[Alias("Shortline.IGatewayObserver")]
public interface IGatewayObserver : IGrainObserver
{
    /// <summary>
    /// Delivers responses that were not complete when their batch was handed over. The call returns when the gateway has them; a server
    /// repeats it until then.
    /// </summary>
    [Alias("OnResponses")]
    Task OnResponses(ResponseBatch responses);

    /// <summary>
    /// Delivers a ranking, which the gateway ignores unless its version is newer. The gateway also fetches rankings on an interval.
    /// </summary>
    [OneWay, Alias("OnRanking")]
    Task OnRanking(ServerRanking ranking);
}
