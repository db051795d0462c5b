using System.Collections.Immutable;

namespace Shortline.Balancing;

/// <summary>What scaling remembers from one look to the next; immutable.</summary>
public sealed record ScalingState
{
    private ScalingState()
    {
    }

    /// <summary>Servers that the last decision asked for.</summary>
    public int Desired { get; internal init; }

    internal LoadHistory History { get; init; } = LoadHistory.Empty;

    /// <summary>The counters of the last look.</summary>
    internal ImmutableDictionary<string, ServerLoad> Servers { get; init; } = ImmutableDictionary<string, ServerLoad>.Empty;

    /// <summary>The sample at which the queues went over the threshold; null while they are short.</summary>
    internal LoadSample? RiseStart { get; init; }

    /// <summary>When the fleet was last made larger.</summary>
    internal long GrewAtMs { get; init; } = long.MinValue / 2;

    /// <summary>Until when the fleet is in panic.</summary>
    internal long PanicUntilMs { get; init; } = long.MinValue;

    /// <summary>Begins to watch a fleet.</summary>
    /// <param name="desired">The number of servers it should have until more is known.</param>
    public static ScalingState Begin(int desired) => new() { Desired = desired };

    /// <summary>As if the last decision had asked for this many: a person, or what was found, says so.</summary>
    public ScalingState Resized(int desired) => this with { Desired = desired };
}
