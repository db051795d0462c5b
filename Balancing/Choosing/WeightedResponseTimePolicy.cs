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

    /// <summary>Servers whose rank is checked with one choice, at most.</summary>
    private const int MostChecks = 16;

    private readonly AvailableServers _servers = new();
    private readonly LeastFirst _order = new();
    private readonly SlotTable<Times> _times = new();
    private double _nowMs;
    private int _next;

    public string Name => BalancingPolicies.WeightedResponseTime;

    public void Set(in Candidate server)
    {
        _servers.Set(server);
        Rank(server.Slot);
    }

    public void Exclude(int slot)
    {
        _servers.Exclude(slot);
        _order.Remove(slot);
    }

    public void Forget(int slot)
    {
        Exclude(slot);
        _times[slot] = default;
    }

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        _nowMs = Math.Max(_nowMs, context.NowMs);
        RankNext();
        var slot = _order.Least(context.Random, tried);

        // The time of a silent server grows by itself, so the first one may no longer be the first.
        for (var checks = 0; checks < MostChecks && slot >= 0; checks++)
        {
            var score = _order.ScoreOf(slot);
            Rank(slot);
            if (_order.ScoreOf(slot) <= score)
                break;
            slot = _order.Least(context.Random, tried);
        }

        if (slot >= 0 && _servers[slot].InFlight == 0)
            _times[slot].SilentSinceMs = _nowMs;
        return slot;
    }

    public void Observe(in Observation observation)
    {
        ref var times = ref _times[observation.Slot];
        var sampleMs = observation.Failed ? Math.Max(LeastOfFailuresMs, observation.ResponseTimeMs) : observation.ResponseTimeMs;
        times.AverageMs = times.HasAnswered && !observation.IsAverage ? (Kept * times.AverageMs) + ((1 - Kept) * sampleMs) : sampleMs;
        (times.HasAnswered, times.AnsweredAtMs, times.SilentSinceMs) = (true, observation.NowMs, observation.NowMs);
        _nowMs = Math.Max(_nowMs, observation.NowMs);
        if (_servers.Has(observation.Slot))
            Rank(observation.Slot);
    }

    /// <summary>
    /// Ranks one server after the other, one with each choice, because the average of a server without responses falls by itself.
    /// </summary>
    private void RankNext()
    {
        if (_servers.Count == 0)
            return;
        _next = _next < _servers.Count ? _next : 0;
        Rank(_servers.At(_next++));
    }

    private void Rank(int slot)
    {
        ref readonly var server = ref _servers[slot];
        var steps = Math.Max(1, Math.Ceiling(_times[slot].Of(server.InFlight, _nowMs) / StepMs));
        _order.Set(slot, steps * (server.InFlight + 1.0) / server.WarmWeight, server.WarmWeight, server.IsLocal);
    }

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
