namespace Shortline.Client.Requests;

/// <summary>The counters of a channel since its start, and the state of its throttle.</summary>
internal record struct ChannelCounters
{
    /// <summary>Requests sent, each once however often it was sent again.</summary>
    public long Requests { get; set; }

    /// <summary>Requests that were not sent, because servers refused most of the latest ones for overload.</summary>
    public long Throttled { get; set; }

    /// <summary>The probability with which the next request is throttled, of the priority for which it is highest.</summary>
    public double ThrottleProbability { get; set; }

    /// <summary>Refusals for overload, also those after which the request was sent again.</summary>
    public long Overloads { get; set; }

    /// <summary>Requests sent again.</summary>
    public long Retries { get; set; }

    /// <summary>Retries that were due and that the budget did not allow.</summary>
    public long RetriesDenied { get; set; }

    /// <summary>Retries after a refusal for overload that were not made, because servers refused most of the latest requests.</summary>
    public long RetriesThrottled { get; set; }

    /// <summary>Responses that exceed the number of times their request was sent.</summary>
    public long Repeated { get; set; }

    /// <summary>Responses to requests that had ended already.</summary>
    public long Late { get; set; }

    /// <summary>Datagrams that are no response, or the response to no request of this channel.</summary>
    public long Unmatched { get; set; }

    /// <summary>How often the system reported that no process listens at a gateway's port.</summary>
    public long Refused { get; set; }
}
