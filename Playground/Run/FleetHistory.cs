namespace Shortline.Playground;

/// <summary>How many servers were ready, and from when on.</summary>
/// <param name="At">Since the run began.</param>
/// <param name="Ready">Ready servers.</param>
internal readonly record struct FleetSize(TimeSpan At, int Ready);

/// <summary>Servers over time, as the steps between equal counts.</summary>
internal sealed class FleetHistory
{
    /// <summary>Enough for hours of play; the oldest go first.</summary>
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
