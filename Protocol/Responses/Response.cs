namespace Shortline.Protocol.Responses;

/// <summary>A response to write. Its texts are spans, so that they are copied only once, into the send buffer.</summary>
public readonly ref struct Response
{
    /// <summary>Creates a response; <see cref="Status"/> is required.</summary>
    public Response()
    {
    }

    /// <summary>The id of the request as a raw JSON token; empty if it could not be read.</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>Whether the request contained a client id.</summary>
    public bool HasClientId { get; init; }

    /// <summary>The id of the client; written if <see cref="HasClientId"/> is true.</summary>
    public long ClientId { get; init; }

    /// <summary>How the request ended.</summary>
    public required ResponseStatus Status { get; init; }

    /// <summary>
    /// The id of the server that answered, in UTF-8; empty omits it. The writer escapes it and cuts it to
    /// <see cref="ResponseWriter.MaxName"/> bytes.
    /// </summary>
    public ReadOnlySpan<byte> ServerId { get; init; }

    /// <summary>Requests waiting at that server; -1 omits it.</summary>
    public int QueueLength { get; init; } = -1;

    /// <summary>The result of the handler: a raw JSON value, written unchanged; empty omits it.</summary>
    public ReadOnlySpan<byte> Result { get; init; }

    /// <summary>
    /// The error message, in UTF-8; empty omits it. The writer escapes it and cuts it to <see cref="ResponseWriter.MaxError"/> bytes.
    /// </summary>
    public ReadOnlySpan<byte> Error { get; init; }

    /// <summary>
    /// The reason for which the request was rejected, in UTF-8; empty omits it. The writer escapes it and cuts it to
    /// <see cref="ResponseWriter.MaxName"/> bytes.
    /// </summary>
    public ReadOnlySpan<byte> Reason { get; init; }

    /// <summary>Milliseconds after which the client may send the request again; 0 or less omits it.</summary>
    public int RetryAfterMs { get; init; }

    /// <summary>The token of a <see cref="ResponseStatus.Verify"/> response, in base64url; empty omits it.</summary>
    public ReadOnlySpan<byte> Token { get; init; }

    /// <summary>
    /// Microseconds from the arrival of the request to the response; -1 omits it. Written as milliseconds with up to three decimals.
    /// </summary>
    public long ElapsedMicroseconds { get; init; } = -1;
}
