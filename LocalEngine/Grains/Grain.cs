using Orleans.Runtime;
using Shortline.LocalEngine;

namespace Orleans;

/// <summary>The base of grain classes.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Called by the engine when it activates the grain.</summary>
    protected Grain() => GrainContext = Activation.Constructing!;

    /// <inheritdoc/>
    public IGrainContext GrainContext { get; }

    /// <summary>Finds other grains.</summary>
    protected IGrainFactory GrainFactory => ((Activation)GrainContext).Silo;

    /// <inheritdoc/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation after the current call. The next call makes a new one.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);
}
