namespace Orleans.Runtime;

/// <summary>
/// Ends a silo that cannot go on. Here it is asked when the other silos have declared one dead; if none is registered, the host is stopped.
/// </summary>
public interface IFatalErrorHandler
{
    /// <summary>Whether an exception is a reason to end the silo.</summary>
    bool IsUnexpected(Exception exception);

    /// <summary>Ends it.</summary>
    /// <param name="sender">Who asks.</param>
    /// <param name="context">Why, in words.</param>
    /// <param name="exception">What has happened; null if nothing was thrown.</param>
    void OnFatalException(object? sender = null, string? context = null, Exception? exception = null);
}
