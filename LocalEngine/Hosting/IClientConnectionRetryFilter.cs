namespace Orleans;

/// <summary>Decides whether a client that finds no silo looks again.</summary>
public interface IClientConnectionRetryFilter
{
    /// <summary>Says whether; waits as long as it wants.</summary>
    Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken);
}
