namespace Orleans.Configuration;

/// <summary>How calls behave.</summary>
public abstract class MessagingOptions
{
    internal static readonly TimeSpan DefaultResponseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a call waits for its response: 30 s unless told otherwise. A timeout means that the outcome is unknown.</summary>
    public TimeSpan ResponseTimeout { get; set; } = DefaultResponseTimeout;
}
