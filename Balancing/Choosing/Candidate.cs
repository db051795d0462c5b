using Shortline.Balancing.Health;

namespace Shortline.Balancing.Choosing;

/// <summary>A server that a policy may choose, as the gateway sees it now.</summary>
/// <param name="Load">
/// The estimated number of requests at the server, waiting and in service, of all gateways: see <see cref="StaleCorrection"/>.
/// </param>
/// <param name="InFlight">The number of requests at the server that this gateway sent.</param>
/// <param name="Concurrency">The number of workers of the server; at least 1.</param>
/// <param name="Weight">The share of work relative to other servers; at least 1, because a server of weight 0 is no candidate.</param>
/// <param name="Ramp">How far the server has warmed up; greater than 0, at most 1: see <see cref="SlowStart"/>.</param>
/// <param name="Slot">
/// The index of the server in the tables of a policy: a small number that is unique until <see cref="IBalancingPolicy.Forget"/>.
/// </param>
/// <param name="Hash">A hash of the server's id; the same in every gateway.</param>
/// <param name="IsLocal">Whether the server is in the process of the gateway, so that it is reached without a message.</param>
public readonly record struct Candidate(
    int Load, int InFlight, int Concurrency, int Weight = 1, float Ramp = 1f, int Slot = 0, ulong Hash = 0, bool IsLocal = false)
{
    /// <summary>The weight multiplied by the ramp.</summary>
    public double WarmWeight => (double)Weight * Ramp;

    /// <summary>The workers multiplied by the ramp.</summary>
    public double Capacity => (double)Concurrency * Ramp;
}
