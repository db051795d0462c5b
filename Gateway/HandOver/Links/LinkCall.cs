namespace Shortline.Gateway.HandOver.Links;

/// <summary>The senders whose requests left in one frame, until its receipts come.</summary>
internal sealed class LinkCall
{
    /// <summary>The number of the frame.</summary>
    public long Number { get; set; }

    /// <summary>The senders, in the order of the frame's parts.</summary>
    public List<BatchSender> Senders { get; } = [];

    /// <summary>How many of them have their receipt.</summary>
    public int Settled { get; set; }
}
