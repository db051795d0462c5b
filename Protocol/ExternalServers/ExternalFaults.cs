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

/// <summary>What to say about an <see cref="ExternalFault"/>.</summary>
public static class ExternalFaults
{
    /// <summary>A sentence that tells the sender what to do, in UTF-8.</summary>
    public static ReadOnlySpan<byte> Describe(ExternalFault fault) => fault switch
    {
        ExternalFault.None => ""u8,
        ExternalFault.TooLarge => "the report is too large: at most 1024 bytes"u8,
        ExternalFault.NotAnObject => "not one JSON object in UTF-8, such as {'identity':'7','port':50007} with double quotes"u8,
        ExternalFault.DuplicateMember => "a member comes twice"u8,
        ExternalFault.BadIdentity => "'identity': a string of 1 to 60 letters, digits, '_', '.' or '-'"u8,
        ExternalFault.BadPort => "'port': an integer from 1 to 65535, where you take requests over UDP"u8,
        ExternalFault.BadQueueLength => "'queue_length': an integer from 0 to 2147483647"u8,
        ExternalFault.BadStatus => "'status': ready, draining or stopped"u8,
        ExternalFault.BadWeight => "'weight': an integer from 0 to 1000"u8,
        ExternalFault.BadConcurrency => "'concurrency': an integer from 1 to 1024"u8,
        _ => "not a report"u8,
    };
}
