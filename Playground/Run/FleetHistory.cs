namespace Shortline.Playground.Run;

/// <summary>A number of ready servers and the time from which it held.</summary>
/// <param name="At">The time since the run began.</param>
/// <param name="Ready">Ready servers.</param>
internal readonly record struct FleetSize(TimeSpan At, int Ready);

/// <summary>The number of ready servers over time, as steps.</summary>
internal sealed class FleetHistory
{
    /// <summary>Enough for hours; the oldest steps are dropped first.</summary>
    private const int Limit = 1000;

    private readonly List<FleetSize> _steps = [];

    /// <summary>The steps, oldest first.</summary>
    public IReadOnlyList<FleetSize> Steps => _steps;

    public void Record(TimeSpan at, int ready)
    {
        if (_steps.Count > 0 && _steps[^1].Ready == ready)
            return;
        if (_steps.Count == Limit)
            _steps.RemoveAt(0);
        _steps.Add(new FleetSize(at, ready));
    }
}
