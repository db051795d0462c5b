using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>How a request ended, as its sender sees it.</summary>
public readonly record struct Reply
{
    /// <summary>The answer's status; null if none came in time.</summary>
    public ResponseStatus? Status { get; init; }

    /// <summary>Whether it was answered <see cref="ResponseStatus.Ok"/>.</summary>
    public bool IsOk => Status == ResponseStatus.Ok;

    /// <summary>The result, a raw JSON value; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>The server that answered; null if none did.</summary>
    public string? ServerId { get; init; }

    /// <summary>Requests that waited at that server; -1 if it did not say.</summary>
    public int QueueLength { get; init; }

    /// <summary>From the call to the answer, retries included.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How often the request was sent.</summary>
    public int TimesSent { get; init; }
}
