using System.Collections.Immutable;

namespace Shortline.Balancing.Scaling;

/// <summary>The state of the scaling policy between two decisions. Immutable.</summary>
public sealed record ScalingState
{
    private ScalingState()
    {
    }

    /// <summary>The number of servers that the last decision asked for.</summary>
    public int Desired { get; internal init; }

    internal LoadHistory History { get; init; } = LoadHistory.Empty;

    /// <summary>The counters of the previous observation.</summary>
    internal ImmutableDictionary<string, ServerLoad> Servers { get; init; } = ImmutableDictionary<string, ServerLoad>.Empty;

    /// <summary>The sample at which the queues exceeded the threshold; null while they are short.</summary>
    internal LoadSample? RiseStart { get; init; }

    /// <summary>The time of the last growth.</summary>
    internal long GrewAtMs { get; init; } = long.MinValue / 2;

    /// <summary>The time at which panic ends.</summary>
    internal long PanicUntilMs { get; init; } = long.MinValue;

    /// <summary>Creates the initial state.</summary>
    /// <param name="desired">The number of servers to have until there is a decision.</param>
    public static ScalingState Begin(int desired) => new() { Desired = desired };

    /// <summary>Returns the state as if the last decision had asked for this number, for example after an operator changed it.</summary>
    public ScalingState Resized(int desired) => this with { Desired = desired };
}
