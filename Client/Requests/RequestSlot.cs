namespace Shortline.Client.Requests;

/// <summary>One slot of a channel's <see cref="RequestTable"/>. Guarded by the channel's lock.</summary>
internal struct RequestSlot
{
    /// <summary>
    /// The request's id. It stays after the request has ended, so that a late response finds it, until another request takes the slot.
    /// </summary>
    public long Id;
    public SlotState State;

    /// <summary>The request behind its head; the same bytes each time it is sent.</summary>
    public ReadOnlyMemory<byte> Tail;

    /// <summary>An object of the owner, returned when the request ends.</summary>
    public object? Context;

    /// <summary>Whether the request must not run twice. It is sent again only if the gateway says that it has not run.</summary>
    public bool Once;

    /// <summary>The request's priority.</summary>
    public int Priority;

    /// <summary>The gateway it was last sent to.</summary>
    public int Gateway;

    /// <summary>The connection it was last sent on.</summary>
    public long Connection;

    /// <summary>How far the sending of the last attempt has come. Changed atomically, because the sending thread does not hold the lock.</summary>
    public SendProgress Progress;
    public int Sent;
    public int Answers;
    public int Retries;

    /// <summary>How often it was sent again with a token that its gateway wanted.</summary>
    public int Verified;

    /// <summary>How often it could not be sent.</summary>
    public int NotSent;

    /// <summary>Whether a probe was sent on the request's connection and has not been answered yet.</summary>
    public bool Probed;

    /// <summary>Whether the request's connection has broken.</summary>
    public bool Broken;

    // Timestamps of the channel's clock.
    public long StartedAt;
    public long DeadlineAt;

    /// <summary>When the wait for a response began: when it was last sent, or when it could not be sent again.</summary>
    public long WaitsSince;

    /// <summary>When the sweep handles it next.</summary>
    public long NextAt;
}

/// <summary>The state of a <see cref="RequestSlot"/>.</summary>
internal enum SlotState
{
    /// <summary>No request holds the slot.</summary>
    Free,

    /// <summary>The request was sent; a response may come.</summary>
    InFlight,

    /// <summary>The request was rejected and is sent again later.</summary>
    Waiting,

    /// <summary>The request could not be sent; sending is tried again later.</summary>
    Unsent,
}

/// <summary>How far a thread has come that sends a request on a connection.</summary>
internal enum SendProgress
{
    /// <summary>The result of the attempt is known.</summary>
    Done,

    /// <summary>The attempt is under way: nobody knows whether the connection takes the request.</summary>
    Sending,

    /// <summary>The connection broke meanwhile. The sending thread handles this when it knows whether it took the request.</summary>
    Broke,
}
