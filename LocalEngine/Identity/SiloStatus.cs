namespace Orleans.Runtime;

/// <summary>Where a silo is in its life.</summary>
public enum SiloStatus
{
    /// <summary>Configured, not started.</summary>
    Created = 1,

    /// <summary>Hosts grains.</summary>
    Active = 3,

    /// <summary>Takes no new activations and moves the ones it has.</summary>
    ShuttingDown = 4,

    /// <summary>Stopped or lost.</summary>
    Dead = 6,
}
