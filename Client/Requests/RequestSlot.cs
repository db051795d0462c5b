namespace Shortline.Client;

/// <summary>One place in a channel's table. Guarded by the channel's lock.</summary>
internal struct RequestSlot
{
    /// <summary>The request, also after it has ended: an answer that comes later still finds it, until the place is taken again.</summary>
    public long Id;
    public SlotState State;

    /// <summary>Everything behind the request's head; the same array when it is sent again.</summary>
    public ReadOnlyMemory<byte> Tail;

    /// <summary>The owner's own.</summary>
    public object? Context;

    /// <summary>It must not run twice: sent again only if the gateway says that it has not run.</summary>
    public bool Once;

    /// <summary>Where it was sent last.</summary>
    public int Gateway;

    /// <summary>On which connection.</summary>
    public long Connection;
    public int Sent;
    public int Answers;
    public int Retries;

    /// <summary>How often it could not be sent.</summary>
    public int NotSent;

    /// <summary>Whether its connection was probed, and since then nothing else was done for the request.</summary>
    public bool Probed;

    /// <summary>Whether its connection has ended.</summary>
    public bool Broken;

    // Timestamps of the channel's clock.
    public long StartedAt;
    public long DeadlineAt;

    /// <summary>Since when an answer is waited for: when it was last sent, or when it could not be sent again.</summary>
    public long WaitsSince;
    public long NextAt;
}

/// <summary>Where a request is.</summary>
internal enum SlotState
{
    /// <summary>Nowhere: the place is free.</summary>
    Free,

    /// <summary>Sent; an answer may come.</summary>
    InFlight,

    /// <summary>Rejected; it is sent again in a while.</summary>
    Waiting,

    /// <summary>It could not be sent; that is tried again in a while.</summary>
    Unsent,
}
