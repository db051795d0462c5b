using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>What a server knows of one gateway.</summary>
internal sealed class GatewayOutbox(IGatewayObserver replyTo)
{
    /// <summary>Where its responses go.</summary>
    public IGatewayObserver ReplyTo { get; set; } = replyTo;

    /// <summary>Its requests that are here and not answered.</summary>
    public int Pending { get; set; }

    /// <summary>When it last sent something: a timestamp.</summary>
    public long LastSeen { get; set; }

    /// <summary>Responses that wait to be pushed.</summary>
    public ResponseBuffer Responses { get; } = new();

    /// <summary>Whether a push is under way: what finishes meanwhile goes with the next.</summary>
    public bool IsPushing { get; set; }
}
