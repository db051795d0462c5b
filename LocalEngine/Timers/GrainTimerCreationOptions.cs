using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain timer calls, and how it relates to other calls.</summary>
public readonly struct GrainTimerCreationOptions
{
    /// <summary>Creates it with both times.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time until the first callback; <see cref="Timeout.InfiniteTimeSpan"/> for not yet.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a callback to the next; <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether a callback may start while calls of the activation are awaiting.</summary>
    public bool Interleave { get; init; }
}
