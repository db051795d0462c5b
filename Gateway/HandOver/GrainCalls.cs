using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Gateway.HandOver;

/// <summary>Hands batches over to servers by grain calls.</summary>
internal sealed class GrainCalls(Dispatcher dispatcher, Func<IGatewayObserver> self)
{
    /// <summary>
    /// Starts the loop of a server's sender. Servers that are called directly need none. The caller holds the fleet's lock.
    /// </summary>
    public void Start(Destination server)
    {
        if (server.IsCalledDirectly)
            return;

        // The loop must not keep the execution context of the ranking or response that happened to start it.
        using (ExecutionContext.SuppressFlow())
            _ = Run(server.Sender);
    }

    /// <summary>Makes the call for which a batch has been taken.</summary>
    public async Task Call(BatchSender sender)
    {
        try
        {
            dispatcher.OnReceipt(sender, await Submit(sender).ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            dispatcher.OnCallFailed(sender, failure);
        }
    }

    private ValueTask<BatchReceipt> Submit(BatchSender sender) =>
        sender.Destination.Grain.Submit(sender.Batch!.ToBatch(dispatcher.GatewayId), self());

    /// <summary>
    /// Makes the calls of one sender, one at a time, until it is abandoned. Requests collect in the outbox during a call, so a lone request
    /// leaves at once and batches form only under load.
    /// </summary>
    private async Task Run(BatchSender sender)
    {
        while (!sender.Abandoned)
        {
            await sender.Signal.WaitAsync().ConfigureAwait(false);
            while (dispatcher.TryBeginCall(sender))
            {
                try
                {
                    dispatcher.OnReceipt(sender, await Submit(sender).ConfigureAwait(false));
                }
                catch (Exception failure)
                {
                    dispatcher.OnCallFailed(sender, failure);
                }
            }
        }
    }
}
