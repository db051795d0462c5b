namespace Shortline.Protocol.Requests;

/// <summary>
/// Why a datagram is not a valid request. Values are dense from 0, so that counters can be an array of <see cref="InvalidReasons.Count"/>.
/// </summary>
public enum InvalidReason
{
    /// <summary>The request is valid.</summary>
    None = 0,

    /// <summary>The datagram is empty or contains only whitespace.</summary>
    Empty = 1,

    /// <summary>The request has more than <see cref="RequestParser.MaxDatagram"/> bytes.</summary>
    TooLarge = 2,

    /// <summary>The text is not UTF-8.</summary>
    NotUtf8 = 3,

    /// <summary>The text begins with a byte order mark.</summary>
    ByteOrderMark = 4,

    /// <summary>The text is not JSON.</summary>
    NotJson = 5,

    /// <summary>The text is JSON but not an object.</summary>
    NotAnObject = 6,

    /// <summary>Text other than whitespace follows the object.</summary>
    TrailingText = 7,

    /// <summary>Objects and arrays are nested deeper than 64 levels.</summary>
    TooDeep = 8,

    /// <summary>A string contains the escape of only half a surrogate pair.</summary>
    LoneSurrogate = 9,

    /// <summary>A known member occurs twice.</summary>
    DuplicateMember = 10,

    /// <summary><c>id</c> is missing.</summary>
    MissingId = 11,

    /// <summary><c>id</c> is neither a string of 1 to 64 characters nor a 64-bit integer.</summary>
    BadId = 12,

    /// <summary><c>client_id</c> is not an integer of at least 0.</summary>
    BadClientId = 13,

    /// <summary><c>operation</c> is missing.</summary>
    MissingOperation = 14,

    /// <summary><c>operation</c> is not a valid name.</summary>
    BadOperation = 15,

    /// <summary><c>timeout_ms</c> is not an integer of at least 1.</summary>
    BadTimeout = 16,

    /// <summary><c>idempotent</c> is neither true nor false.</summary>
    BadIdempotent = 17,

    /// <summary><c>priority</c> is not an integer from 0 to 9.</summary>
    BadPriority = 18,
}

/// <summary>The error messages and names for <see cref="InvalidReason"/>.</summary>
public static class InvalidReasons
{
    /// <summary>The number of reasons, <see cref="InvalidReason.None"/> included.</summary>
    public const int Count = (int)InvalidReason.BadPriority + 1;

    /// <summary>A message in UTF-8 that tells the sender what to send instead; short enough for a response's <c>error</c>.</summary>
    public static ReadOnlySpan<byte> Describe(InvalidReason reason) => reason switch
    {
        InvalidReason.None => ""u8,
        InvalidReason.Empty => "the request is empty: send one JSON object, such as {'id':1,'operation':'echo'} with double quotes"u8,
        InvalidReason.TooLarge => "the request is too large: at most 65507 bytes"u8,
        InvalidReason.NotUtf8 => "not UTF-8: encode the whole request as UTF-8"u8,
        InvalidReason.ByteOrderMark => "the request begins with a byte order mark: send UTF-8 without one"u8,
        InvalidReason.NotJson => "not JSON: send one JSON object, such as {'id':1,'operation':'echo'} with double quotes"u8,
        InvalidReason.NotAnObject => "not a JSON object: send one, such as {'id':1,'operation':'echo'} with double quotes"u8,
        InvalidReason.TrailingText => "there is text after the JSON object: send one object per datagram or line"u8,
        InvalidReason.TooDeep => "nested too deeply: at most 64 levels of objects and arrays, the request itself included"u8,
        InvalidReason.LoneSurrogate => "a string contains the escape of half a surrogate pair: send both halves, or the character itself as UTF-8"u8,
        InvalidReason.DuplicateMember => "a member occurs twice: send 'id', 'client_id', 'operation', 'payload', 'timeout_ms', 'idempotent' and 'priority' at most once"u8,
        InvalidReason.MissingId => "'id' is missing: a string of 1 to 64 characters or an integer, different for each request"u8,
        InvalidReason.BadId => "'id' is wrong: a string of 1 to 64 characters or an integer of 64 bits"u8,
        InvalidReason.BadClientId => "'client_id' is wrong: an integer from 0 to 9223372036854775807"u8,
        InvalidReason.MissingOperation => "'operation' is missing: the name of what to do, 1 to 64 letters, digits, '_', '.' or '-'"u8,
        InvalidReason.BadOperation => "'operation' is wrong: the name of what to do, a string of 1 to 64 letters, digits, '_', '.' or '-'"u8,
        InvalidReason.BadTimeout => "'timeout_ms' is wrong: an integer from 1 to 2147483647"u8,
        InvalidReason.BadIdempotent => "'idempotent' is wrong: true or false"u8,
        InvalidReason.BadPriority => "'priority' is wrong: an integer from 0 to 9"u8,
        _ => "not a request"u8,
    };

    /// <summary>The name of a reason in metrics and logs, such as <c>missing_id</c>.</summary>
    public static string Name(InvalidReason reason) => reason switch
    {
        InvalidReason.None => "none",
        InvalidReason.Empty => "empty",
        InvalidReason.TooLarge => "too_large",
        InvalidReason.NotUtf8 => "not_utf8",
        InvalidReason.ByteOrderMark => "byte_order_mark",
        InvalidReason.NotJson => "not_json",
        InvalidReason.NotAnObject => "not_an_object",
        InvalidReason.TrailingText => "trailing_text",
        InvalidReason.TooDeep => "too_deep",
        InvalidReason.LoneSurrogate => "lone_surrogate",
        InvalidReason.DuplicateMember => "duplicate_member",
        InvalidReason.MissingId => "missing_id",
        InvalidReason.BadId => "bad_id",
        InvalidReason.BadClientId => "bad_client_id",
        InvalidReason.MissingOperation => "missing_operation",
        InvalidReason.BadOperation => "bad_operation",
        InvalidReason.BadTimeout => "bad_timeout",
        InvalidReason.BadIdempotent => "bad_idempotent",
        InvalidReason.BadPriority => "bad_priority",
        _ => "other",
    };
}
