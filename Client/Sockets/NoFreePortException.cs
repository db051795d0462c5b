namespace Shortline.Client;

/// <summary>There is no local port for a client. The message names the settings that give the range.</summary>
public sealed class NoFreePortException : Exception
{
    /// <summary>Says that no port is free.</summary>
    public NoFreePortException()
        : this("No UDP port is free.")
    {
    }

    /// <summary>Says what is to be said.</summary>
    public NoFreePortException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is to be said, and what led to it.</summary>
    public NoFreePortException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
