namespace Shortline.Protocol;

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
