namespace Shortline.LocalEngine;

/// <summary>What came from the other process is not what this one could have sent: the connection cannot be trusted any more.</summary>
internal sealed class WireFormatException(string message) : Exception(message);
