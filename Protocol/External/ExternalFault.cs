namespace Shortline.Protocol;

/// <summary>Why something is not the report of a server. Dense from 0.</summary>
public enum ExternalFault
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>More than <see cref="ExternalReportParser.MaxReport"/> bytes.</summary>
    TooLarge = 1,

    /// <summary>Not one JSON object in UTF-8.</summary>
    NotAnObject = 2,

    /// <summary>One of the report's own members comes twice.</summary>
    DuplicateMember = 3,

    /// <summary><c>identity</c> is missing or not allowed.</summary>
    BadIdentity = 4,

    /// <summary><c>port</c> is missing or not allowed.</summary>
    BadPort = 5,

    /// <summary><c>queue_length</c> is not allowed.</summary>
    BadQueueLength = 6,

    /// <summary><c>status</c> is not allowed.</summary>
    BadStatus = 7,

    /// <summary><c>weight</c> is not allowed.</summary>
    BadWeight = 8,

    /// <summary><c>concurrency</c> is not allowed.</summary>
    BadConcurrency = 9,
}
