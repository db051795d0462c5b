using Shortline.GrainInterfaces.Requests;

namespace Shortline.Grains.Servers;

/// <summary>The gateways that have recently sent requests to a server.</summary>
internal sealed class GatewayOutboxes
{
    private readonly Dictionary<string, GatewayOutbox> _byId = new(StringComparer.Ordinal);

    /// <summary>The number of gateways.</summary>
    public int Count => _byId.Count;

    /// <summary>The outboxes of all gateways.</summary>
    public Dictionary<string, GatewayOutbox>.ValueCollection All => _byId.Values;

    /// <summary>Returns the outbox of a gateway that has just sent a batch.</summary>
    public GatewayOutbox Of(string gatewayId, IGatewayObserver replyTo, long now)
    {
        if (_byId.TryGetValue(gatewayId, out var outbox))
            outbox.ReplyTo = replyTo;
        else
            _byId.Add(gatewayId, outbox = new GatewayOutbox(replyTo));

        outbox.LastSeen = now;
        return outbox;
    }

    /// <summary>Forgets the gateways that have no request or response here and have sent nothing since <paramref name="before"/>.</summary>
    public void Forget(long before)
    {
        foreach (var (id, outbox) in _byId)
        {
            // A dictionary allows removal while it is enumerated.
            if (outbox is { Pending: 0, IsPushing: false, Responses.Count: 0 } && outbox.LastSeen < before)
                _byId.Remove(id);
        }
    }
}
