using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Grains.Servers;

/// <summary>The connections over which gateways of other processes send requests to the servers of this silo.</summary>
internal interface IRequestLinks
{
    /// <summary>Prepares for a gateway that connects. A grain's turn calls it, so it returns at once.</summary>
    /// <returns>The offer; null if there are no links.</returns>
    LinkOffer? Offer(string pool, string gatewayId, IGatewayObserver replyTo);
}

/// <summary>For hosts without links: gateways make grain calls.</summary>
internal sealed class NoRequestLinks : IRequestLinks
{
    public LinkOffer? Offer(string pool, string gatewayId, IGatewayObserver replyTo) => null;
}
