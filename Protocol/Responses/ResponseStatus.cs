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
