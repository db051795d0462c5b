namespace Shortline.Protocol.Requests;

/// <summary>A request to write. Its texts are spans, so that they are copied only once, into the datagram.</summary>
public readonly ref struct Request
{
    /// <summary>Creates a request; <see cref="Id"/> and <see cref="Operation"/> are required.</summary>
    public Request()
    {
    }

    /// <summary>
    /// The id of the request. The sender uses a different one for each request, and the same one when it repeats a request.
    /// </summary>
    public required long Id { get; init; }

    /// <summary>The id of the client, at least 0; -1 omits it.</summary>
    public long ClientId { get; init; } = -1;

    /// <summary>The operation: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</summary>
    public required ReadOnlySpan<byte> Operation { get; init; }

    /// <summary>The payload, a raw JSON value; empty omits it.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Milliseconds that the sender waits for the response; 0 omits it.</summary>
    public int TimeoutMs { get; init; }

    /// <summary>Whether the request may be executed more than once.</summary>
    public bool Idempotent { get; init; } = true;

    /// <summary>How important the request is compared with others, 0 to 9; <see cref="RequestParser.UsualPriority"/> omits it.</summary>
    public int Priority { get; init; } = RequestParser.UsualPriority;
}
