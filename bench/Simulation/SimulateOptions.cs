using Shortline.Bench.Simulation.Model;

namespace Shortline.Bench.Simulation;

/// <summary>What to simulate and where to draw it.</summary>
internal sealed record SimulateOptions
{
    public required FleetModelSettings Fleet { get; init; }

    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>Where a chart of the mean time over the load goes; null for none.</summary>
    public FileInfo? Chart { get; init; }
}
