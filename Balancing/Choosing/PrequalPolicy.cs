namespace Shortline.Balancing.Choosing;

/// <summary>
/// Prequal (B. Wydrowski et al., "Load is not what you should balance", NSDI 2024): among the servers that were probed recently, excludes
/// those with the most requests and chooses the fastest of the others. It uses the requests of all gateways, waiting and in service, and
/// the response times of this gateway.
/// </summary>
/// <remarks>
/// <para>
/// Each choice probes three random servers. The candidates are the servers of the last 16 probes that are not older than a second. A server
/// is hot if its load is above the 0.84 quantile of recently probed loads. The cold server with the lowest latency wins; if all are hot,
/// the one with the lowest load.
/// </para>
/// <para>
/// A probe needs no message here, because every response contains the load of the server, and the gateway adds what it has sent since. So
/// the load is that of the moment of the choice, and a probe can be reused. As in the paper, the latency is that of recent requests which
/// met about the present load (<see cref="LatencyByLoad"/>). A failure counts as at least a second, so that errors do not look fast. A new
/// server is tried with one request.
/// </para>
/// </remarks>
internal sealed class PrequalPolicy : IBalancingPolicy
{
    private const int ProbesPerPick = 3;
    private const int Pool = 16;
    private const double ProbeLifeMs = 1000;
    private const double HotQuantile = 0.84;
    private const double LeastOfFailuresMs = 1000;

    private readonly SlotTable<Server> _servers = new();
    private readonly int[] _pool = new int[Pool];
    private readonly RecentQuantile _loads = new();
    private long _probes;

    public string Name => BalancingPolicies.Prequal;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        for (var i = 0; i < ProbesPerPick; i++)
            Probe(candidates[context.Random.Next(candidates.Length)], context.NowMs);

        var hot = _loads.Of(HotQuantile);
        var (fastest, emptiest) = (new LeastOf(), new LeastOf());
        var isOneCold = false;
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            ref readonly var server = ref _servers[candidate.Slot];
            if (server.Probes == 0 || context.NowMs - server.ProbedAtMs > ProbeLifeMs)
                continue;

            emptiest.Consider(i, candidate.Load / candidate.Ramp, candidate.Ramp, context.Random);
            if (candidate.Load > hot || (!server.Latency.IsKnown && candidate.InFlight > 0))
                continue;

            isOneCold = true;
            fastest.Consider(i, server.Latency.At(candidate.Load) / candidate.Ramp, candidate.Ramp, context.Random);
        }

        return isOneCold ? fastest.Index : emptiest.Index;
    }

    public void Observe(in Observation observation)
    {
        var latencyMs = observation.Failed ? Math.Max(LeastOfFailuresMs, observation.ResponseTimeMs) : observation.ResponseTimeMs;
        _servers[observation.Slot].Latency.Add(observation.LoadWhenSent, latencyMs);
    }

    public void Removed(int slot)
    {
        // Its probes stay in the pool until newer ones displace them.
        ref var server = ref _servers[slot];
        server = new Server { Probes = server.Probes, ProbedAtMs = double.NegativeInfinity };
    }

    private void Probe(in Candidate candidate, double nowMs)
    {
        ref var place = ref _pool[_probes % Pool];
        if (_probes++ >= Pool)
            _servers[place].Probes--;

        place = candidate.Slot;
        ref var server = ref _servers[candidate.Slot];
        server.Probes++;
        server.ProbedAtMs = nowMs;
        _loads.Add(candidate.Load);
    }

    private struct Server
    {
        public int Probes;
        public double ProbedAtMs;
        public LatencyByLoad Latency;
    }
}
