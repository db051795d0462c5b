using Orleans.Runtime;

namespace Orleans;

/// <summary>What the engine knows of a grain class.</summary>
public interface IGrainBase
{
    /// <summary>The activation this instance is in.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Called before the first call. If it fails, so does that call.</summary>
    Task OnActivateAsync(CancellationToken token);

    /// <summary>Called after the last call. Not when a silo dies.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token);
}
