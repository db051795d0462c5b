namespace Shortline.Playground;

/// <summary>A client, as the table shows it.</summary>
internal sealed record ClientRow
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Whether it waits for a person to make its requests.</summary>
    public bool ByHand { get; init; }

    /// <summary>The request it last heard of, or last made by hand; empty before the first.</summary>
    public string Request { get; init; } = "";

    /// <summary>The answer to it; empty while there is none.</summary>
    public string Answer { get; init; } = "";

    /// <summary>Whether that answer is <c>ok</c>.</summary>
    public bool IsOk { get; init; }

    /// <summary>Requests that have ended.</summary>
    public long Ended { get; init; }

    /// <summary>Requests in flight.</summary>
    public long InFlight { get; init; }

    /// <summary>Mean latency of those answered <c>ok</c>; null if there are none.</summary>
    public TimeSpan? Mean { get; init; }
}
