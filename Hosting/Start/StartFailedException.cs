namespace Shortline.Hosting.Start;

/// <summary>
/// A program cannot start for a reason that its user can remove. The message says what failed, which key sets it and what to do. It is
/// shown without a stack trace.
/// </summary>
public sealed class StartFailedException : Exception
{
    /// <summary>Creates the exception with a general message.</summary>
    public StartFailedException()
        : this("The program could not start.")
    {
    }

    /// <summary>Creates the exception with the message for the user.</summary>
    public StartFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the message for the user and the cause.</summary>
    public StartFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Another program uses a port.</summary>
    /// <param name="what">What cannot listen: <c>The gateway</c>.</param>
    /// <param name="endpoint">Address and port: <c>127.0.0.1:54001 (UDP)</c>.</param>
    /// <param name="key">The key that sets the port: <c>load_balancer.client_side_port</c>.</param>
    /// <param name="cause">The socket's exception.</param>
    public static StartFailedException PortTaken(string what, string endpoint, string key, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new StartFailedException(
            $"{what} cannot listen on {endpoint}: another program uses the port. Stop that program, or choose another port with {key}, "
            + $"on the command line --{key.Replace('.', ':')} PORT.",
            cause);
    }
}
