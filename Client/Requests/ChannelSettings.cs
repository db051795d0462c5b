namespace Shortline.Client.Requests;

/// <summary>The settings of a channel.</summary>
internal sealed record ChannelSettings
{
    /// <summary>The client id in requests; -1 if they have none. Responses with another client id are ignored.</summary>
    public long ClientId { get; init; } = -1;

    /// <summary>Requests in flight at most.</summary>
    public int InFlightLimit { get; init; } = 4096;

    /// <summary>Retries of one request at most.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest wait before the first retry, in milliseconds.</summary>
    public int FirstRetryMs { get; init; } = 200;

    /// <summary>Retries of all requests together, in percent of the requests, 0 to 100.</summary>
    public int RetryBudgetPercent { get; init; } = 20;

    /// <summary>Retries a second beyond these.</summary>
    public int RetryBudgetPerSecond { get; init; } = 10;

    /// <summary>Whether requests are not sent when servers refuse most of them. See <see cref="AdaptiveThrottle"/>.</summary>
    public bool Throttle { get; init; } = true;

    /// <summary>How many times as much as the servers accept is sent to them, 1 to 100.</summary>
    public double ThrottleMultiplier { get; init; } = 2;

    /// <summary>The milliseconds for which a refusal counts, 1000 to 600,000.</summary>
    public int ThrottleWindowMs { get; init; } = 10_000;

    /// <summary>
    /// Whether the channel talks directly to servers. It leaves a server that drains or ends as it leaves a gateway that stops.
    /// </summary>
    public bool IsDirect { get; init; }

    /// <summary>The id of the first request; the others count up.</summary>
    public required long FirstId { get; init; }

    /// <summary>
    /// A random first id. A gateway answers a repeated id from memory, so two runs must not share ids. It is below 2^52, so that every
    /// language can represent it exactly.
    /// </summary>
    public static long RandomFirstId(Random random) => random.NextInt64(1, 1L << 52);
}
