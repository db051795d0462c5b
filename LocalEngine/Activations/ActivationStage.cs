namespace Shortline.LocalEngine;

/// <summary>Where an activation is in its life.</summary>
internal enum ActivationStage
{
    /// <summary>Nothing was called yet.</summary>
    New,

    /// <summary>Reading state, or in <c>OnActivateAsync</c>.</summary>
    Activating,

    /// <summary>Takes calls.</summary>
    Active,

    /// <summary>In <c>OnDeactivateAsync</c>.</summary>
    Deactivating,

    /// <summary>Ended. Calls that still come are sent on.</summary>
    Gone,
}
