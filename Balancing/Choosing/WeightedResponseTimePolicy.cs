namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the server with the smallest <c>response time · (in flight + 1) / (weight · ramp)</c>, after nginx's <c>least_time</c> and
/// NetScaler's least response time method. It uses only the requests in flight and the response times of this gateway, queueing included.
/// </summary>
/// <remarks>
/// <para>
/// The response time is a moving average with factor 0.95 that starts with the first sample. If the present silence of a server is longer,
/// it counts instead. A failure counts as at least a second. The result is rounded up to a multiple of 20 ms: smaller differences are
/// random, and choosing by them would send all requests to the same server. If all servers are faster, only the requests in flight decide.
/// </para>
/// <para>
/// The average of a server without responses is halved every 10 s, so that a server that was slow is tried again.
/// </para>
/// </remarks>
internal sealed class WeightedResponseTimePolicy : IBalancingPolicy
{
    private const double Kept = 0.95;
    private const double StepMs = 20;
    private const double HalvedEveryMs = 10_000;
    private const double LeastOfFailuresMs = 1000;

    private readonly SlotTable<Times> _times = new();

    public string Name => BalancingPolicies.WeightedResponseTime;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var least = new LeastOf();
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            var timeMs = _times[candidate.Slot].Of(candidate.InFlight, context.NowMs);
            var steps = Math.Max(1, Math.Ceiling(timeMs / StepMs));
            least.Consider(i, steps * (candidate.InFlight + 1.0) / candidate.WarmWeight, candidate.WarmWeight, context.Random);
        }

        ref var picked = ref _times[candidates[least.Index].Slot];
        if (candidates[least.Index].InFlight == 0)
            picked.SilentSinceMs = context.NowMs;
        return least.Index;
    }

    public void Observe(in Observation observation)
    {
        ref var times = ref _times[observation.Slot];
        var sampleMs = observation.Failed ? Math.Max(LeastOfFailuresMs, observation.ResponseTimeMs) : observation.ResponseTimeMs;
        times.AverageMs = times.HasAnswered ? (Kept * times.AverageMs) + ((1 - Kept) * sampleMs) : sampleMs;
        (times.HasAnswered, times.AnsweredAtMs, times.SilentSinceMs) = (true, observation.NowMs, observation.NowMs);
    }

    public void Removed(int slot) => _times[slot] = default;

    private struct Times
    {
        public bool HasAnswered;
        public double AverageMs;
        public double AnsweredAtMs;
        public double SilentSinceMs;

        public readonly double Average(double nowMs)
        {
            var periods = Math.Floor((nowMs - AnsweredAtMs) / HalvedEveryMs);
            return periods < 1 ? AverageMs : AverageMs * Math.Pow(0.5, periods);
        }

        public readonly double Of(int inFlight, double nowMs) => Math.Max(Average(nowMs), inFlight > 0 ? nowMs - SilentSinceMs : 0);
    }
}
