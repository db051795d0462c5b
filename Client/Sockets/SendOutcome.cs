namespace Shortline.Client;

/// <summary>What became of a request on this machine.</summary>
internal enum SendOutcome
{
    /// <summary>It is on its way.</summary>
    Sent,

    /// <summary>Nobody listens there: an earlier datagram came back, and this one as well or so it seems.</summary>
    Refused,

    /// <summary>The system did not take it; as good as lost on the way.</summary>
    Failed,

    /// <summary>It was not sent, for certain: the connection is not there any more, cannot be opened yet, or is full.</summary>
    NotSent,
}
