using Orleans;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.GrainInterfaces.Servers;

/// <summary>
/// Takes the requests of one gateway for all servers of a pool on one silo. The grain lives on that silo and hands the requests to the servers
/// directly. Key: <c>pool/gateway@silo</c>, so that gateways do not wait for each other.
/// </summary>
[Alias("Shortline.ISiloIntakeGrain")]
public interface ISiloIntakeGrain : IGrainWithStringKey
{
    /// <summary>
    /// Hands over requests as <see cref="IServerGrain.Submit"/> does, to several servers. A server whose handler does not return does not hold
    /// up the others: the call returns without it.
    /// </summary>
    /// <param name="batch">The requests.</param>
    /// <param name="replyTo">The receiver of responses that are not complete when this call returns.</param>
    /// <returns>What became of each part.</returns>
    [Alias("Submit")]
    ValueTask<SiloReceipt> Submit(SiloBatch batch, IGatewayObserver replyTo);

    /// <summary>Offers the gateway a link, over which requests go to the servers without grain calls.</summary>
    /// <param name="version">The gateway's <see cref="LinkFormat.Version"/>.</param>
    /// <param name="gatewayId">The gateway, as in <see cref="RequestBatch.GatewayId"/>.</param>
    /// <param name="replyTo">The receiver of responses that are not complete when a receipt is sent.</param>
    /// <returns>The offer; null if this silo has no links for the gateway, which then makes grain calls.</returns>
    [Alias("OfferLink")]
    ValueTask<LinkOffer?> OfferLink(int version, string gatewayId, IGatewayObserver replyTo);
}
