namespace Shortline.Bench.Simulation.Model;

/// <summary>The result of a simulated fleet.</summary>
/// <param name="Mean">Mean response time, in mean service times.</param>
/// <param name="P99">99th percentile of response times, in mean service times.</param>
/// <param name="Shares">The share of requests of each server, from 0 to 1.</param>
/// <param name="Failed">The share of requests that failed, from 0 to 1.</param>
/// <param name="Returned">The share of requests that a server returned, so that another one was chosen, from 0 to 1.</param>
internal sealed record FleetModelResult(double Mean, double P99, IReadOnlyList<double> Shares, double Failed, double Returned);
