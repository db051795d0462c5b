using Orleans.Runtime;
using Shortline.LocalEngine;

namespace Orleans;

/// <summary>What a grain can do to its own activation.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Ends the activation once its calls are done. The next call makes a new one.</summary>
    public static void DeactivateOnIdle(this IGrainBase grain) => grain.GrainContext.Deactivate(
        new DeactivationReason(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    /// <summary>Calls the grain back after a time, and again a time after each callback has ended.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to call, as a turn of the grain. Its token is cancelled when the timer is disposed of.</param>
    /// <param name="state">Passed to <paramref name="callback"/>.</param>
    /// <param name="options">When, and how it relates to calls.</param>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return new GrainTimer((Activation)grain.GrainContext, token => callback(state, token), options);
    }

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase, Func{TState, CancellationToken, Task}, TState, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return new GrainTimer((Activation)grain.GrainContext, _ => callback(), options);
    }
}
