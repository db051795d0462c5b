namespace Shortline.Client.Requests;

/// <summary>The counters of a channel.</summary>
internal record struct ChannelCounters
{
    /// <summary>Requests sent again.</summary>
    public long Retries { get; set; }

    /// <summary>Retries that were due and that the budget did not allow.</summary>
    public long RetriesDenied { get; set; }

    /// <summary>Responses that exceed the number of times their request was sent.</summary>
    public long Repeated { get; set; }

    /// <summary>Responses to requests that had ended already.</summary>
    public long Late { get; set; }

    /// <summary>Datagrams that are no response, or the response to no request of this channel.</summary>
    public long Unmatched { get; set; }

    /// <summary>How often the system reported that no process listens at a gateway's port.</summary>
    public long Refused { get; set; }
}
