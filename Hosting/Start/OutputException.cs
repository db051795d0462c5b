namespace Shortline.Hosting.Start;

/// <summary>Standard output cannot be written.</summary>
public sealed class OutputException : IOException
{
    /// <summary>Creates the exception with a general message.</summary>
    public OutputException()
        : this("it failed")
    {
    }

    /// <summary>Creates the exception with the system's message.</summary>
    public OutputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the system's message and the cause.</summary>
    public OutputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The system's message.</param>
    /// <param name="isClosed">Whether the reader of the pipe is gone.</param>
    public OutputException(string message, bool isClosed)
        : base(message) => IsClosed = isClosed;

    /// <summary>Whether the reader of the pipe is gone. That is no fault: it had enough.</summary>
    public bool IsClosed { get; }
}
