using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Gateway.HandOver;

/// <summary>The observer through which servers and the balancer push to the gateway.</summary>
internal sealed class GatewayObserver : IGatewayObserver
{
    /// <summary>The dispatcher; set before the first server or balancer knows this gateway.</summary>
    public Dispatcher? Dispatcher { get; set; }

    public Task OnResponses(ResponseBatch responses)
    {
        Dispatcher?.OnResponses(responses);
        return Task.CompletedTask;
    }

    public Task OnRanking(ServerRanking ranking)
    {
        Dispatcher?.OnRanking(ranking);
        return Task.CompletedTask;
    }
}
