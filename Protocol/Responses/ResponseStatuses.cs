namespace Shortline.Protocol.Responses;

/// <summary>How a request ended.</summary>
public enum ResponseStatus
{
    /// <summary>The handler succeeded and returned a result.</summary>
    Ok = 0,

    /// <summary>The handler failed; <c>error</c> tells why.</summary>
    Error = 1,

    /// <summary>No server accepted the request. It did not run, and the client may send it again later.</summary>
    Rejected = 2,

    /// <summary>The deadline of the request passed.</summary>
    Expired = 3,

    /// <summary>The request may have run, its server is gone, and the request must not run twice.</summary>
    Lost = 4,

    /// <summary>The request is invalid; <c>error</c> tells why.</summary>
    Invalid = 5,

    /// <summary>
    /// The answer is too large for an address that has not proven itself: the client repeats the request with the token of this response.
    /// </summary>
    Verify = 6,
}

/// <summary>The names of <see cref="ResponseStatus"/> in responses.</summary>
public static class ResponseStatuses
{
    /// <summary>The number of statuses, so that counters can be an array.</summary>
    public const int Count = (int)ResponseStatus.Verify + 1;

    /// <summary>
    /// The name in UTF-8: <c>ok</c>, <c>error</c>, <c>rejected</c>, <c>expired</c>, <c>lost</c>, <c>invalid</c> or <c>verify</c>.
    /// </summary>
    public static ReadOnlySpan<byte> Utf8Name(ResponseStatus status) => status switch
    {
        ResponseStatus.Ok => "ok"u8,
        ResponseStatus.Error => "error"u8,
        ResponseStatus.Rejected => "rejected"u8,
        ResponseStatus.Expired => "expired"u8,
        ResponseStatus.Lost => "lost"u8,
        ResponseStatus.Invalid => "invalid"u8,
        ResponseStatus.Verify => "verify"u8,
        _ => "error"u8,
    };

    /// <summary>The name as text.</summary>
    public static string Name(ResponseStatus status) => status switch
    {
        ResponseStatus.Ok => "ok",
        ResponseStatus.Rejected => "rejected",
        ResponseStatus.Expired => "expired",
        ResponseStatus.Lost => "lost",
        ResponseStatus.Invalid => "invalid",
        ResponseStatus.Verify => "verify",
        _ => "error",
    };

    /// <summary>Parses a name without quotes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out ResponseStatus status)
    {
        for (status = ResponseStatus.Ok; status <= ResponseStatus.Verify; status++)
        {
            if (name.SequenceEqual(Utf8Name(status)))
                return true;
        }

        status = default;
        return false;
    }
}
