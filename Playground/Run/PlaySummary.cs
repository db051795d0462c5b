using Shortline.Hosting.Start;
using Shortline.Playground.Screen;

namespace Shortline.Playground.Run;

/// <summary>The summary of a run. Immutable.</summary>
internal sealed record PlaySummary
{
    /// <summary>The last state of the run.</summary>
    public required PlayView Last { get; init; }

    /// <summary>The number of ready servers over time.</summary>
    public IReadOnlyList<FleetSize> Sizes { get; init; } = [];

    /// <summary>The directory of the logs; null if none are written.</summary>
    public string? Logs { get; init; }

    /// <summary>Whether at least one request was sent and all were answered <c>ok</c>.</summary>
    public bool AllOk => Last.Load.AllOk;

    /// <summary>The exit code: 0 only if every request was answered <c>ok</c>.</summary>
    public int ExitCode => AllOk ? 0 : ProgramStart.Failed;
}
