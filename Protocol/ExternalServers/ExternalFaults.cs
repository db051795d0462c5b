namespace Shortline.Protocol.ExternalServers;

/// <summary>Why a report of an external server is invalid. Values are dense from 0, so that they can index an array.</summary>
public enum ExternalFault
{
    /// <summary>The report is valid.</summary>
    None = 0,

    /// <summary>The report has more than <see cref="ExternalReportParser.MaxReport"/> bytes.</summary>
    TooLarge = 1,

    /// <summary>The report is not one JSON object in UTF-8.</summary>
    NotAnObject = 2,

    /// <summary>A known member occurs twice.</summary>
    DuplicateMember = 3,

    /// <summary><c>identity</c> is missing or invalid.</summary>
    BadIdentity = 4,

    /// <summary><c>port</c> is missing or invalid.</summary>
    BadPort = 5,

    /// <summary><c>queue_length</c> is invalid.</summary>
    BadQueueLength = 6,

    /// <summary><c>status</c> is invalid.</summary>
    BadStatus = 7,

    /// <summary><c>weight</c> is invalid.</summary>
    BadWeight = 8,

    /// <summary><c>concurrency</c> is invalid.</summary>
    BadConcurrency = 9,

    /// <summary>A server on another machine reports, and the gateway has no secret with which reports are signed.</summary>
    NoSecret = 10,

    /// <summary>The report of a server on another machine is not signed.</summary>
    NotSigned = 11,

    /// <summary>The signature is wrong.</summary>
    BadSignature = 12,

    /// <summary>The clocks of server and gateway differ too much, or the report is an old one.</summary>
    BadTime = 13,

    /// <summary>The report does not come from the address that it names.</summary>
    BadAddress = 14,
}

/// <summary>The error messages for <see cref="ExternalFault"/>.</summary>
public static class ExternalFaults
{
    /// <summary>A message in UTF-8 that tells the sender what is allowed.</summary>
    public static ReadOnlySpan<byte> Describe(ExternalFault fault) => fault switch
    {
        ExternalFault.None => ""u8,
        ExternalFault.TooLarge => "the report is too large: at most 1024 bytes"u8,
        ExternalFault.NotAnObject => "not one JSON object in UTF-8, such as {'identity':'7','port':50007} with double quotes"u8,
        ExternalFault.DuplicateMember => "a member occurs twice"u8,
        ExternalFault.BadIdentity => "'identity': a string of 1 to 60 letters, digits, '_', '.' or '-'"u8,
        ExternalFault.BadPort => "'port': an integer from 1 to 65535, where you take requests over UDP"u8,
        ExternalFault.BadQueueLength => "'queue_length': an integer from 0 to 2147483647"u8,
        ExternalFault.BadStatus => "'status': ready, draining or stopped"u8,
        ExternalFault.BadWeight => "'weight': an integer from 0 to 1000"u8,
        ExternalFault.BadConcurrency => "'concurrency': an integer from 1 to 1024"u8,
        ExternalFault.NoSecret =>
            "a server that is not on loopback must sign its reports: set load_balancer.join_secret, and give it to the server"u8,
        ExternalFault.NotSigned => "not signed: a server that is not on loopback must sign its reports with load_balancer.join_secret"u8,
        ExternalFault.BadSignature =>
            "'signature': the last member, the HMAC-SHA256 in hexadecimal of all bytes before its name, with load_balancer.join_secret as key"u8,
        ExternalFault.BadTime =>
            "'time': milliseconds since 1970 (UTC), which may differ by 30 seconds from the clock of the gateway: set both clocks"u8,
        ExternalFault.BadAddress => "'address': the IP address from which the gateway receives the report"u8,
        _ => "not a report"u8,
    };
}
