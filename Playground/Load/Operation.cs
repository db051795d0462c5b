namespace Shortline.Playground;

/// <summary>What the clients ask for.</summary>
internal enum Operation
{
    /// <summary>Keeps a worker busy for a random time, so that queues live.</summary>
    Compute,

    /// <summary>Answers at once: what the balancer itself costs.</summary>
    Echo,
}
