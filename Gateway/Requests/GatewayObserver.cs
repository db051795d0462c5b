namespace Shortline.Gateway;

/// <summary>The gateway as servers and the balancer reach it.</summary>
internal sealed class GatewayObserver : IGatewayObserver
{
    /// <summary>Where everything goes; set before the first server hears of the gateway.</summary>
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
