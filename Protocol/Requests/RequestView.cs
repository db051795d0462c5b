namespace Shortline.Protocol;

/// <summary>A request as it lies in its datagram: spans into the received bytes.</summary>
public readonly ref struct RequestView
{
    /// <summary>
    /// The id as it came, a raw JSON token of at most <see cref="RequestParser.MaxIdLength"/> bytes, a string with its quotes. Empty only
    /// on failure, when none could be read.
    /// </summary>
    public ReadOnlySpan<byte> Id { get; internal init; }

    /// <summary>Whether the client said who it is.</summary>
    public bool HasClientId { get; internal init; }

    /// <summary>The client, at least 0; 0 if it did not say.</summary>
    public long ClientId { get; internal init; }

    /// <summary>What to do: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>, without quotes.</summary>
    public ReadOnlySpan<byte> Operation { get; internal init; }

    /// <summary>The payload as it came, a raw JSON value; empty if there is none or it is null.</summary>
    public ReadOnlySpan<byte> Payload { get; internal init; }

    /// <summary>Milliseconds that the client waits, at least 1; 0 if it did not say.</summary>
    public int TimeoutMs { get; internal init; }

    /// <summary>Whether running it twice does no harm. True unless the client says otherwise.</summary>
    public bool Idempotent { get; internal init; }
}
