namespace Orleans;

/// <summary>How long a call of this method waits for its response, instead of the caller's own response timeout.</summary>
/// <param name="timeout">A <see cref="TimeSpan"/> in its own notation: <c>"00:00:02"</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    /// <summary>The timeout.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout);
}
