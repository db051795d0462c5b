namespace Shortline.Protocol;

/// <summary>How a request ended.</summary>
public enum ResponseStatus
{
    /// <summary>The handler ran; the result is its own.</summary>
    Ok = 0,

    /// <summary>The handler failed; the error says why.</summary>
    Error = 1,

    /// <summary>Nobody took it: it has not run, and may be sent again after a while.</summary>
    Rejected = 2,

    /// <summary>Its time ran out.</summary>
    Expired = 3,

    /// <summary>It may have run, its server is gone, and it must not run twice.</summary>
    Lost = 4,

    /// <summary>It was not a request that can be served; the error says what is wrong with it.</summary>
    Invalid = 5,
}

/// <summary>The names of <see cref="ResponseStatus"/> on the wire.</summary>
public static class ResponseStatuses
{
    /// <summary>How many there are, so that counters can be an array.</summary>
    public const int Count = (int)ResponseStatus.Invalid + 1;

    /// <summary>The name: <c>ok</c>, <c>error</c>, <c>rejected</c>, <c>expired</c>, <c>lost</c> or <c>invalid</c>.</summary>
    public static ReadOnlySpan<byte> Utf8Name(ResponseStatus status) => status switch
    {
        ResponseStatus.Ok => "ok"u8,
        ResponseStatus.Error => "error"u8,
        ResponseStatus.Rejected => "rejected"u8,
        ResponseStatus.Expired => "expired"u8,
        ResponseStatus.Lost => "lost"u8,
        ResponseStatus.Invalid => "invalid"u8,
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
        _ => "error",
    };

    /// <summary>Reads a name, without quotes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out ResponseStatus status)
    {
        for (status = ResponseStatus.Ok; status <= ResponseStatus.Invalid; status++)
        {
            if (name.SequenceEqual(Utf8Name(status)))
                return true;
        }

        status = default;
        return false;
    }
}
