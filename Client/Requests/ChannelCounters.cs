namespace Shortline.Client;

/// <summary>What a channel counts beside its requests.</summary>
internal record struct ChannelCounters
{
    /// <summary>Requests sent again.</summary>
    public long Retries { get; set; }

    /// <summary>Retries that were due and that the budget did not allow.</summary>
    public long RetriesDenied { get; set; }

    /// <summary>Answers beyond one for each time their request was sent: somebody answers twice.</summary>
    public long Repeated { get; set; }

    /// <summary>Answers to requests that were over already.</summary>
    public long Late { get; set; }

    /// <summary>Datagrams that are no answer, or an answer to nothing we asked.</summary>
    public long Unmatched { get; set; }

    /// <summary>Times the system said that nobody listens at the gateway's port.</summary>
    public long Refused { get; set; }
}
