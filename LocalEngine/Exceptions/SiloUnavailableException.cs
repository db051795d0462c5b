namespace Orleans.Runtime;

/// <summary>The silo of the grain died or there is none. A call that was under way may or may not have run.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Creates it with a general message.</summary>
    public SiloUnavailableException()
        : base("Silo is unavailable.")
    {
    }

    /// <summary>Creates it with a message.</summary>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>Creates it with a message and what caused it.</summary>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
