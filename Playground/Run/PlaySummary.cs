namespace Shortline.Playground;

/// <summary>What a run came to. Immutable.</summary>
internal sealed record PlaySummary
{
    /// <summary>The last state of the run.</summary>
    public required PlayView Last { get; init; }

    /// <summary>Servers over time.</summary>
    public IReadOnlyList<FleetSize> Sizes { get; init; } = [];

    /// <summary>Where the logs are; null if none are written.</summary>
    public string? Logs { get; init; }

    /// <summary>Whether every request was answered <c>ok</c>, and there was one.</summary>
    public bool AllOk => Last.Load.AllOk;

    /// <summary>The exit code: 0 only if every request was answered <c>ok</c>.</summary>
    public int ExitCode => AllOk ? 0 : ProgramStart.Failed;
}
