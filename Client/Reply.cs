using Shortline.Protocol.Responses;

namespace Shortline.Client;

/// <summary>The outcome of a request.</summary>
public readonly record struct Reply
{
    /// <summary>The status of the response; null if no response came in time, or if the request was not sent.</summary>
    public ResponseStatus? Status { get; init; }

    /// <summary>Whether the status is <see cref="ResponseStatus.Ok"/>.</summary>
    public bool IsOk => Status == ResponseStatus.Ok;

    /// <summary>
    /// Whether the client did not send the request, because servers refused most of its latest ones for overload. It has not run. See
    /// <see cref="ShortlineClientOptions.Throttle"/>.
    /// </summary>
    public bool IsThrottled { get; init; }

    /// <summary>The result, a raw JSON value; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>What went wrong; null if the status is <see cref="ResponseStatus.Ok"/>.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// For <see cref="ResponseStatus.Rejected"/>: after how many milliseconds to try again; 0 if the response does not say it.
    /// </summary>
    public int RetryAfterMs { get; init; }

    /// <summary>The id of the server that answered; null if no server did.</summary>
    public string? ServerId { get; init; }

    /// <summary>The queue length of that server when it answered; -1 if unknown.</summary>
    public int QueueLength { get; init; }

    /// <summary>The time from the call to the outcome, retries included.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How often the request was sent; 0 if it was not, and therefore has not run.</summary>
    public int TimesSent { get; init; }
}

/// <summary>Sends one request that may run twice, as <see cref="ShortlineClient.SendAsync"/> does.</summary>
internal delegate ValueTask<Reply> SendRequest(string operation, byte[] payload, int timeoutMs, CancellationToken cancellation);
