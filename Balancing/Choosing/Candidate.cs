namespace Shortline.Balancing;

/// <summary>A server that may be picked, as the picking gateway sees it right now.</summary>
/// <param name="Load">Estimated requests at the server, waiting and in service, of all gateways: see <see cref="StaleCorrection"/>.</param>
/// <param name="InFlight">Of those, the ones that the picking gateway sent and waits for.</param>
/// <param name="Concurrency">Requests the server works on at once; at least 1.</param>
/// <param name="Weight">Share of work relative to the others; at least 1, because a server of weight 0 is no candidate.</param>
/// <param name="Ramp">How far the server has warmed up, above 0 to 1: see <see cref="SlowStart"/>.</param>
/// <param name="Slot">
/// The place of the server in what a policy remembers of it: a small number that no other server has, from <see cref="IBalancingPolicy.Added"/> to
/// <see cref="IBalancingPolicy.Removed"/>.
/// </param>
/// <param name="Hash">A hash of the server's id, the same at every gateway.</param>
public readonly record struct Candidate(
    int Load, int InFlight, int Concurrency, int Weight = 1, float Ramp = 1f, int Slot = 0, ulong Hash = 0)
{
    /// <summary>The weight as far as the server has warmed up.</summary>
    public double WarmWeight => (double)Weight * Ramp;
}
