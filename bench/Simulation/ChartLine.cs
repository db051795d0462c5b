namespace Shortline.Bench.Simulation;

/// <summary>One line of a chart.</summary>
internal sealed record ChartLine(string Name, IReadOnlyList<(double X, double Y)> Points);
