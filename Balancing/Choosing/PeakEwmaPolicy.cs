namespace Shortline.Balancing.Choosing;

/// <summary>
/// Of two random servers, chooses the one with the smaller <c>cost · (in flight + 1) / (weight · ramp)</c>. The cost is a moving average of
/// response times that rises at once with a peak and falls slowly: Finagle's <c>PeakEwma</c>, used by linkerd. It uses only the requests in
/// flight and the response times of this gateway, queueing included.
/// </summary>
/// <remarks>
/// A response time <c>r</c> above the cost becomes the cost. Otherwise <c>cost = cost · w + r · (1 − w)</c> with <c>w = e^(−Δt / 10 s)</c>.
/// Without responses the cost falls, so a server that was slow is tried again. A new server starts at linkerd's 30 ms; at 0 it would
/// attract all requests. It is avoided while its first request is in flight. A failure counts as at least a second.
/// </remarks>
internal sealed class PeakEwmaPolicy : IBalancingPolicy
{
    private const double DecayMs = 10_000;
    private const double UnknownMs = 30;
    private const double LeastOfFailuresMs = 1000;

    /// <summary>A cost above any response time.</summary>
    private const double OnTrial = 1e9;

    private readonly AvailableServers _servers = new();
    private readonly SlotTable<Cost> _costs = new();

    public string Name => BalancingPolicies.PeakEwma;

    public void Set(in Candidate server) => _servers.Set(server);

    public void Exclude(int slot) => _servers.Exclude(slot);

    public void Forget(int slot)
    {
        _servers.Exclude(slot);
        _costs[slot] = default;
    }

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        var (a, b) = _servers.TwoRandom(context.Random, tried);
        return a == b || Load(_servers[a], context.NowMs) <= Load(_servers[b], context.NowMs) ? a : b;
    }

    public void Observe(in Observation observation)
    {
        ref var cost = ref _costs[observation.Slot];
        var sampleMs = observation.Failed ? Math.Max(LeastOfFailuresMs, observation.ResponseTimeMs) : observation.ResponseTimeMs;
        if (!cost.HasAnswered || sampleMs > cost.Ms)
        {
            cost.Ms = sampleMs;
        }
        else
        {
            var kept = Kept(observation.NowMs - cost.AtMs);
            cost.Ms = (cost.Ms * kept) + (sampleMs * (1 - kept));
        }

        (cost.HasAnswered, cost.AtMs) = (true, observation.NowMs);
    }

    private double Load(in Candidate candidate, double nowMs)
    {
        ref readonly var cost = ref _costs[candidate.Slot];
        if (!cost.HasAnswered && candidate.InFlight > 0)
            return OnTrial + candidate.InFlight;

        var ms = cost.HasAnswered ? cost.Ms * Kept(nowMs - cost.AtMs) : UnknownMs;
        return ms * (candidate.InFlight + 1) / candidate.WarmWeight;
    }

    private static double Kept(double forMs) => Math.Exp(-Math.Max(0, forMs) / DecayMs);

    private struct Cost
    {
        public bool HasAnswered;
        public double Ms;
        public double AtMs;
    }
}
