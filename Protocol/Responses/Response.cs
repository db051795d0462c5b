namespace Shortline.Protocol;

/// <summary>A response to write. Texts are spans, so that nothing is copied before it is on its way.</summary>
public readonly ref struct Response
{
    /// <summary>A response that says nothing yet; <see cref="Status"/> has to be given.</summary>
    public Response()
    {
    }

    /// <summary>The request's id, the raw JSON token as it came; empty if none could be read.</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>Whether the request named its client.</summary>
    public bool HasClientId { get; init; }

    /// <summary>The client; written if <see cref="HasClientId"/>.</summary>
    public long ClientId { get; init; }

    /// <summary>How the request ended.</summary>
    public required ResponseStatus Status { get; init; }

    /// <summary>UTF-8 name of the server that answered; empty if none did. Escaped by the writer, at most <see cref="ResponseWriter.MaxName"/> bytes.</summary>
    public ReadOnlySpan<byte> ServerId { get; init; }

    /// <summary>Requests waiting at that server; -1 leaves it out.</summary>
    public int QueueLength { get; init; } = -1;

    /// <summary>What the handler made: a raw JSON value, written as it is; empty leaves it out.</summary>
    public ReadOnlySpan<byte> Result { get; init; }

    /// <summary>UTF-8 text that says what is wrong; empty leaves it out. Escaped by the writer, cut to <see cref="ResponseWriter.MaxError"/> bytes.</summary>
    public ReadOnlySpan<byte> Error { get; init; }

    /// <summary>UTF-8 name of why the request was rejected; empty leaves it out. Escaped by the writer, at most <see cref="ResponseWriter.MaxName"/> bytes.</summary>
    public ReadOnlySpan<byte> Reason { get; init; }

    /// <summary>Milliseconds after which it may be sent again; 0 or less leaves it out.</summary>
    public int RetryAfterMs { get; init; }

    /// <summary>Microseconds from the request's arrival to now; -1 leaves it out. Written as milliseconds with up to three decimals.</summary>
    public long ElapsedMicroseconds { get; init; } = -1;
}
