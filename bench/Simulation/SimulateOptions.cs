using Shortline.Bench.Simulation.Model;

namespace Shortline.Bench.Simulation;

/// <summary>The options of a simulation.</summary>
internal sealed record SimulateOptions
{
    public required FleetModelSettings Fleet { get; init; }

    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>The file for a chart of mean response times by load; null for none.</summary>
    public FileInfo? Chart { get; init; }
}
