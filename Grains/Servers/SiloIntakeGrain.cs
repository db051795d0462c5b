using Microsoft.Extensions.Logging;
using Orleans;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>Takes the requests of one gateway for the servers of its own silo.</summary>
[SiloOfKeyPlacement]
internal sealed class SiloIntakeGrain(SiloServers servers, IRequestLinks links, TimeProvider time, ILogger<SiloIntakeGrain> logger) : Grain, ISiloIntakeGrain
{
    /// <summary>
    /// How long a call waits for inline handlers. The gateway sends nothing else to this silo meanwhile, so one that takes longer is left behind.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private string Pool => this.GetPrimaryKeyString().Split('/')[0];

    public async ValueTask<SiloReceipt> Submit(SiloBatch batch, IGatewayObserver replyTo)
    {
        var handover = new SiloHandover(servers, Pool, batch, replyTo, logger);

        // On another thread, so that a handler that does not return does not keep this grain.
        ThreadPool.UnsafeQueueUserWorkItem(handover, preferLocal: true);
        try
        {
            await handover.Completed.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            // What is done until now is the receipt.
        }

        return handover.End();
    }

    public ValueTask<LinkOffer?> OfferLink(int version, string gatewayId, IGatewayObserver replyTo) =>
        new(version == LinkFormat.Version ? links.Offer(Pool, gatewayId, replyTo) : null);
}
