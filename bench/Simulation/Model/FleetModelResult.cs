namespace Shortline.Bench.Simulation.Model;

/// <summary>What became of the requests of a simulated fleet.</summary>
/// <param name="Mean">Mean time in the system, in service times.</param>
/// <param name="P99">99 of 100 requests took no longer.</param>
/// <param name="Shares">The part of the requests that each server got.</param>
/// <param name="Failed">The part of the requests that failed.</param>
internal sealed record FleetModelResult(double Mean, double P99, IReadOnlyList<double> Shares, double Failed);
