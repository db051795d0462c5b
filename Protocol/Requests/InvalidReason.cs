namespace Shortline.Protocol;

/// <summary>Why a datagram is not a request. Dense from 0, so that counters can be an array of <see cref="InvalidReasons.Count"/>.</summary>
public enum InvalidReason
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>No bytes, or nothing but whitespace.</summary>
    Empty = 1,

    /// <summary>More than <see cref="RequestParser.MaxDatagram"/> bytes.</summary>
    TooLarge = 2,

    /// <summary>Not UTF-8.</summary>
    NotUtf8 = 3,

    /// <summary>Begins with a byte order mark.</summary>
    ByteOrderMark = 4,

    /// <summary>Not JSON.</summary>
    NotJson = 5,

    /// <summary>JSON, but not an object.</summary>
    NotAnObject = 6,

    /// <summary>Something follows the object.</summary>
    TrailingText = 7,

    /// <summary>Objects and arrays nested deeper than 64 levels.</summary>
    TooDeep = 8,

    /// <summary>A string escapes half a surrogate pair.</summary>
    LoneSurrogate = 9,

    /// <summary>One of the request's own members comes twice.</summary>
    DuplicateMember = 10,

    /// <summary>No <c>id</c>.</summary>
    MissingId = 11,

    /// <summary><c>id</c> is neither a string of 1 to 64 characters nor a 64-bit integer.</summary>
    BadId = 12,

    /// <summary><c>client_id</c> is not an integer of at least 0.</summary>
    BadClientId = 13,

    /// <summary>No <c>operation</c>.</summary>
    MissingOperation = 14,

    /// <summary><c>operation</c> is not a name.</summary>
    BadOperation = 15,

    /// <summary><c>timeout_ms</c> is not an integer of at least 1.</summary>
    BadTimeout = 16,

    /// <summary><c>idempotent</c> is neither true nor false.</summary>
    BadIdempotent = 17,
}
