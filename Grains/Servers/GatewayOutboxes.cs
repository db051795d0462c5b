using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>The gateways a server has lately had requests of.</summary>
internal sealed class GatewayOutboxes
{
    private readonly Dictionary<string, GatewayOutbox> _byId = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _byId.Count;

    /// <summary>All of them.</summary>
    public Dictionary<string, GatewayOutbox>.ValueCollection All => _byId.Values;

    /// <summary>The outbox of a gateway that has just sent something.</summary>
    public GatewayOutbox Of(string gatewayId, IGatewayObserver replyTo, long now)
    {
        if (_byId.TryGetValue(gatewayId, out var outbox))
            outbox.ReplyTo = replyTo;
        else
            _byId.Add(gatewayId, outbox = new GatewayOutbox(replyTo));

        outbox.LastSeen = now;
        return outbox;
    }

    /// <summary>Forgets the gateways that have nothing here and sent nothing since <paramref name="before"/>.</summary>
    public void Forget(long before)
    {
        foreach (var (id, outbox) in _byId)
        {
            // Removing while enumerating is allowed, and ends nothing early.
            if (outbox is { Pending: 0, IsPushing: false, Responses.Count: 0 } && outbox.LastSeen < before)
                _byId.Remove(id);
        }
    }
}
