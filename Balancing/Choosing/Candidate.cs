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
    /// <summary>
    /// The number of requests at the server in its latest news, plus those that this gateway has sent since. Unlike <see cref="Load"/> it
    /// says nothing about what other gateways have sent since.
    /// </summary>
    public int Known { get; init; } = Load;

    /// <summary>A number that changes with each news of the queue.</summary>
    public long News { get; init; }

    /// <summary>The time of the latest news, on the clock of <see cref="PickContext.NowMs"/>.</summary>
    public double NewsAtMs { get; init; }

    /// <summary>Mean time that a worker has a request, in milliseconds; 0 if unknown.</summary>
    public double ServiceTimeMs { get; init; }

    /// <summary>The number of clients that hold a connection to the server itself and have no request there.</summary>
    public int RestingClients { get; init; }

    /// <summary>The weight multiplied by the ramp.</summary>
    public double WarmWeight => (double)Weight * Ramp;

    /// <summary>The workers multiplied by the ramp.</summary>
    public double Capacity => (double)Concurrency * Ramp;
}
