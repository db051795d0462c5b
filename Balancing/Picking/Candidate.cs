namespace Shortline.Balancing;

/// <summary>A server that may be picked, as the picking gateway sees it right now.</summary>
/// <param name="Load">Estimated requests at the server, waiting and in service, of all gateways: see <see cref="StaleCorrection"/>.</param>
/// <param name="InFlight">Of those, the ones that the picking gateway sent and waits for.</param>
/// <param name="Concurrency">Requests the server works on at once; at least 1.</param>
/// <param name="Weight">Share of work relative to the others; at least 1, because a server of weight 0 is no candidate.</param>
/// <param name="Ramp">How far the server has warmed up, above 0 to 1: see <see cref="SlowStart"/>.</param>
public readonly record struct Candidate(int Load, int InFlight, int Concurrency, int Weight = 1, float Ramp = 1f);
