namespace Orleans.Runtime;

/// <summary>An activation of a grain, as the grain sees it.</summary>
public interface IGrainContext
{
    /// <summary>Ends the activation once its calls are done.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);

    /// <summary>Ends the activation once its calls are done, if its placement names another silo now.</summary>
    void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default);
}
