namespace Orleans.Runtime;

/// <summary>What the engine itself throws, as opposed to a grain.</summary>
public class OrleansException : Exception
{
    /// <summary>Creates it with a general message.</summary>
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    /// <summary>Creates it with a message.</summary>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and what caused it.</summary>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
