using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>A gateway, as servers and the balancer see it. Best effort: what is lost here, the gateway's deadlines catch.</summary>
[Alias("Shortline.IGatewayObserver")]
public interface IGatewayObserver : IGrainObserver
{
    /// <summary>Responses that were not complete when their batch was handed over.</summary>
    [OneWay, Alias("OnResponses")]
    Task OnResponses(ResponseBatch responses);

    /// <summary>A newer ranking. The gateway also asks for it on an interval.</summary>
    [OneWay, Alias("OnRanking")]
    Task OnRanking(ServerRanking ranking);
}
