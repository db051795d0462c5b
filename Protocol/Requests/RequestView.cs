namespace Shortline.Protocol.Requests;

/// <summary>A parsed request. Its spans point into the received bytes.</summary>
public readonly ref struct RequestView
{
    /// <summary>
    /// The id as a raw JSON token of at most <see cref="RequestParser.MaxIdLength"/> bytes; a string includes its quotes. Empty only
    /// on failure, if no id could be read.
    /// </summary>
    public ReadOnlySpan<byte> Id { get; internal init; }

    /// <summary>Whether the request contains a client id.</summary>
    public bool HasClientId { get; internal init; }

    /// <summary>The id of the client, at least 0; 0 if not given.</summary>
    public long ClientId { get; internal init; }

    /// <summary>The operation: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>, without quotes.</summary>
    public ReadOnlySpan<byte> Operation { get; internal init; }

    /// <summary>The payload as a raw JSON value; empty if not given or null.</summary>
    public ReadOnlySpan<byte> Payload { get; internal init; }

    /// <summary>Milliseconds that the client waits for the response, at least 1; 0 if not given.</summary>
    public int TimeoutMs { get; internal init; }

    /// <summary>Whether the request may be executed more than once; true if not given.</summary>
    public bool Idempotent { get; internal init; }

    /// <summary>How important the request is compared with others, 0 to 9; <see cref="RequestParser.UsualPriority"/> if not given.</summary>
    public int Priority { get; internal init; }

    /// <summary>
    /// The content of the string with which the client proves its address; empty if not given. Anything else than a string counts as not
    /// given, because clients of earlier versions may have a member of this name.
    /// </summary>
    public ReadOnlySpan<byte> Token { get; internal init; }

    /// <summary>
    /// Whether it has a member <c>status</c>, as every answer has. An answer to an answer would begin an endless exchange, so none is sent to
    /// a datagram.
    /// </summary>
    public bool IsAnswer { get; internal init; }
}
