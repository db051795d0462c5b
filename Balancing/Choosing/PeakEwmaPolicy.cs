namespace Shortline.Balancing;

/// <summary>
/// Of two servers by chance, the one with the least <c>cost · (in flight + 1) / (weight · ramp)</c>, where the cost is a moving average of response times that
/// jumps up with a peak and comes down slowly: Finagle's <c>PeakEwma</c>, used by linkerd. Counts what this gateway has in flight and how long its answers
/// took, queueing included.
/// </summary>
/// <remarks>
/// <c>cost = r</c> if a response time <c>r</c> is above it, else <c>cost · w + r · (1 − w)</c> with <c>w = e^(−Δt / 10 s)</c>; without answers it falls, so a server
/// that was slow is tried again. A new server starts at linkerd's 30 ms, not at 0, which would draw everybody; while its first request is out it is avoided, so that it
/// gets one trial. A failure counts as no shorter than a second.
/// </remarks>
internal sealed class PeakEwmaPolicy : IBalancingPolicy
{
    private const double DecayMs = 10_000;
    private const double UnknownMs = 30;
    private const double LeastOfFailuresMs = 1000;

    /// <summary>More than any response time.</summary>
    private const double OnTrial = 1e9;

    private readonly SlotTable<Cost> _costs = new();

    public string Name => BalancingPolicies.PeakEwma;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var (a, b) = PowerOfTwoChoicesPolicy.TwoOf(candidates.Length, context.Random);
        return Load(candidates[b], context.NowMs) < Load(candidates[a], context.NowMs) ? b : a;
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

    public void Removed(int slot) => _costs[slot] = default;

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
