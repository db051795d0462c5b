namespace Shortline.Client;

/// <summary>
/// A client cannot open its sockets because no local UDP port is free. The message names the range and says how to change it.
/// </summary>
public sealed class NoFreePortException : Exception
{
    /// <summary>Creates the exception with a general message.</summary>
    public NoFreePortException()
        : this("No local UDP port is free.")
    {
    }

    /// <summary>Creates the exception with a message for the user.</summary>
    public NoFreePortException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public NoFreePortException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
