namespace Shortline.Client;

/// <summary>What a <see cref="ShortlineClient"/> has done since it was created. Immutable.</summary>
public sealed record ClientStatistics
{
    /// <summary>Requests sent, each once however often it was sent again.</summary>
    public long Requests { get; init; }

    /// <summary>Requests in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>
    /// Requests that were not sent, because servers refused most of the latest ones for overload. See
    /// <see cref="ShortlineClientOptions.Throttle"/>.
    /// </summary>
    public long Throttled { get; init; }

    /// <summary>
    /// The probability with which the next request is throttled, 0 to 0.9. If requests have different priorities, the highest one.
    /// </summary>
    public double ThrottleProbability { get; init; }

    /// <summary>Responses that refused a request for overload, also those after which it was sent again.</summary>
    public long Overloads { get; init; }

    /// <summary>Requests sent again.</summary>
    public long Retries { get; init; }

    /// <summary>
    /// Retries that were due and that the budget did not allow. See <see cref="ShortlineClientOptions.RetryBudgetPercent"/>.
    /// </summary>
    public long RetriesDenied { get; init; }

    /// <summary>Retries after a refusal for overload that were throttled, as <see cref="Throttled"/> requests are.</summary>
    public long RetriesThrottled { get; init; }
}
