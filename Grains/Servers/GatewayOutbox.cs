using Shortline.GrainInterfaces.Requests;

namespace Shortline.Grains.Servers;

/// <summary>What a server knows of one gateway, and the responses that are to be pushed to it.</summary>
internal sealed class GatewayOutbox(IGatewayObserver replyTo)
{
    /// <summary>The observer that responses are pushed to.</summary>
    public IGatewayObserver ReplyTo { get; set; } = replyTo;

    /// <summary>Accepted requests of this gateway that have no answer yet.</summary>
    public int Pending { get; set; }

    /// <summary>The timestamp of its last batch.</summary>
    public long LastSeen { get; set; }

    /// <summary>Responses that wait to be pushed.</summary>
    public ResponseBuffer Responses { get; } = new();

    /// <summary>Whether a push is under way. Responses that are added meanwhile leave with the next push.</summary>
    public bool IsPushing { get; set; }
}
