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

    /// <summary>The grain's kind and key.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The silo that hosts this activation.</summary>
    public string RuntimeIdentity => GrainContext is Activation activation ? activation.Silo.Address.ToString() : "";

    /// <summary>Finds other grains.</summary>
    protected IGrainFactory GrainFactory => ((Activation)GrainContext).Silo;

    /// <summary>Services of this activation.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    /// <inheritdoc/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation after the current call. The next call makes a new one.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Moves this activation after the current call, if its placement names another silo now.</summary>
    protected void MigrateOnIdle() => GrainBaseExtensions.MigrateOnIdle(this);
}
