namespace Shortline.Client;

/// <summary>What a channel has to know.</summary>
internal sealed record ChannelSettings
{
    /// <summary>Answers that name another client are not for this one; -1 if requests name none.</summary>
    public long ClientId { get; init; } = -1;

    /// <summary>Requests in flight at most.</summary>
    public int InFlightLimit { get; init; } = 4096;

    /// <summary>Retries of one request at most.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest wait before the first retry, in milliseconds.</summary>
    public int FirstRetryMs { get; init; } = 200;

    /// <summary>Whether the channel talks to servers themselves: one that ends is left like a gateway that stops.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The first request's id; the next ones follow.</summary>
    public required long FirstId { get; init; }

    /// <summary>
    /// A first id that no other run will come near: a gateway answers a repeated id from memory, so two runs must not share ids. Below
    /// 2^52, so that every language reads it exactly.
    /// </summary>
    public static long RandomFirstId(Random random) => random.NextInt64(1, 1L << 52);
}
