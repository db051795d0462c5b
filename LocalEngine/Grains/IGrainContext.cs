namespace Orleans.Runtime;

/// <summary>An activation of a grain, as the grain sees it.</summary>
public interface IGrainContext
{
    /// <summary>Ends the activation once its calls are done.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
