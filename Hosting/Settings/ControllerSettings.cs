namespace Shortline.Hosting;

/// <summary>Section <c>controller</c>: how the fleet is scaled.</summary>
public sealed record ControllerSettings
{
    /// <summary>Port of the admin API. 1 to 65535.</summary>
    public int Port { get; init; } = 55_000;

    /// <summary>Milliseconds between two looks at the fleet; a threshold that is crossed is acted on at once. 10 to 60,000.</summary>
    public int IntervalMs { get; init; } = 1000;

    /// <summary>Milliseconds over which load is averaged, and during which the fleet must not need a server before it is drained. 100 to 3,600,000.</summary>
    public int StableWindowMs { get; init; } = 60_000;

    /// <summary>Milliseconds over which load is averaged to notice a sudden rise. 10 to <see cref="StableWindowMs"/>.</summary>
    public int PanicWindowMs { get; init; } = 6000;
}
