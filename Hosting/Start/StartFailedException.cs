namespace Shortline.Hosting;

/// <summary>
/// A program cannot start for a reason that its user can do something about. The message says all: what, which key sets it, what to
/// do. It is shown without a stack trace.
/// </summary>
public sealed class StartFailedException : Exception
{
    /// <summary>Makes it.</summary>
    public StartFailedException()
        : this("The program could not start.")
    {
    }

    /// <summary>Makes it with what the user is told.</summary>
    public StartFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes it with what the user is told, and its cause.</summary>
    public StartFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A port is taken: says which, and which key sets it.</summary>
    /// <param name="what">What wanted to listen: <c>the gateway</c>.</param>
    /// <param name="endpoint">Address and port: <c>127.0.0.1:54001 (UDP)</c>.</param>
    /// <param name="key">The key that sets the port: <c>load_balancer.client_side_port</c>.</param>
    /// <param name="cause">What the socket said.</param>
    public static StartFailedException PortTaken(string what, string endpoint, string key, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new StartFailedException(
            $"{what} cannot listen on {endpoint}: another program does. End that one, or choose another port: {key}, "
            + $"on the command line --{key.Replace('.', ':')} PORT.",
            cause);
    }
}
