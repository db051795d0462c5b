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

    private readonly AvailableServers _available = new();
    private readonly SlotTable<Server> _servers = new();
    private readonly int[] _pool = new int[Pool];
    private readonly RecentQuantile _loads = new();
    private long _probes;
    private long _pick;

    public string Name => BalancingPolicies.Prequal;

    public void Set(in Candidate server) => _available.Set(server);

    public void Exclude(int slot) => _available.Exclude(slot);

    public void Forget(int slot)
    {
        // Its probes stay in the pool until newer ones displace them.
        _available.Exclude(slot);
        ref var server = ref _servers[slot];
        server = new Server { Probes = server.Probes, ProbedAtMs = double.NegativeInfinity };
    }

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        for (var i = 0; i < ProbesPerPick; i++)
        {
            if (_available.Random(context.Random, tried) is var probed and >= 0)
                Probe(_available[probed], context.NowMs);
            else
                return -1;
        }

        _pick++;
        var hot = _loads.Of(HotQuantile);
        var (fastest, emptiest) = (new LeastOf(), new LeastOf());
        var isOneCold = false;
        foreach (var slot in _pool.AsSpan(0, (int)Math.Min(_probes, Pool)))
        {
            ref var server = ref _servers[slot];
            if (server.Pick == _pick || context.NowMs - server.ProbedAtMs > ProbeLifeMs || !_available.Has(slot) || tried.Contains(slot))
                continue;

            server.Pick = _pick; // a server that was probed twice counts once
            ref readonly var candidate = ref _available[slot];
            emptiest.Consider(slot, candidate.Load / candidate.Ramp, candidate.Ramp, context.Random);
            if (candidate.Load > hot || (!server.Latency.IsKnown && candidate.InFlight > 0))
                continue;

            isOneCold = true;
            fastest.Consider(slot, server.Latency.At(candidate.Load) / candidate.Ramp, candidate.Ramp, context.Random);
        }

        return isOneCold ? fastest.Index : emptiest.Index;
    }

    public void Observe(in Observation observation)
    {
        var latencyMs = observation.Failed ? Math.Max(LeastOfFailuresMs, observation.ResponseTimeMs) : observation.ResponseTimeMs;
        _servers[observation.Slot].Latency.Add(observation.LoadWhenSent, latencyMs);
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

        /// <summary>The last choice that considered it.</summary>
        public long Pick;
        public LatencyByLoad Latency;
    }
}
