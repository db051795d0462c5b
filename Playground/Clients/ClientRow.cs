namespace Shortline.Playground.Clients;

/// <summary>A row of the client table.</summary>
internal sealed record ClientRow
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Whether the client sends requests only by hand.</summary>
    public bool ByHand { get; init; }

    /// <summary>The last request that was answered or sent by hand; empty before the first.</summary>
    public string Request { get; init; } = "";

    /// <summary>The answer to that request; empty while it is in flight.</summary>
    public string Answer { get; init; } = "";

    /// <summary>Whether that answer is <c>ok</c>.</summary>
    public bool IsOk { get; init; }

    /// <summary>Requests that have ended.</summary>
    public long Ended { get; init; }

    /// <summary>Requests in flight.</summary>
    public long InFlight { get; init; }

    /// <summary>The mean latency of requests answered <c>ok</c>; null if there are none.</summary>
    public TimeSpan? Mean { get; init; }
}
