namespace Shortline.Protocol;

/// <summary>A request to write. Texts are spans, so that nothing is copied before it is on its way.</summary>
public readonly ref struct Request
{
    /// <summary>A request that is nothing yet; <see cref="Id"/> and <see cref="Operation"/> have to be given.</summary>
    public Request()
    {
    }

    /// <summary>The id: the sender's own for each request, the same when it is sent again.</summary>
    public required long Id { get; init; }

    /// <summary>The client, at least 0; -1 leaves it out.</summary>
    public long ClientId { get; init; } = -1;

    /// <summary>What to do: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</summary>
    public required ReadOnlySpan<byte> Operation { get; init; }

    /// <summary>A raw JSON value, or empty.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Milliseconds that the sender waits; 0 leaves it out.</summary>
    public int TimeoutMs { get; init; }

    /// <summary>Whether running it twice does no harm.</summary>
    public bool Idempotent { get; init; } = true;
}
