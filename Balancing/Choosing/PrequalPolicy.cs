namespace Shortline.Balancing;

/// <summary>
/// Prequal (B. Wydrowski et al., "Load is not what you should balance", NSDI 2024): of the servers that were probed lately, those with the most requests are out, and
/// of the rest the fastest wins. Counts what waits and is in service, of all gateways, and how long this gateway's answers took.
/// </summary>
/// <remarks>
/// <para>
/// Each pick probes three servers by chance; the last 16 probes, none older than a second, are the choice. A server is hot if its load is above the 0.84 quantile of the loads probed lately.
/// The cold one of lowest latency is taken; if all are hot, the one with the least load.
/// </para>
/// <para>
/// A probe costs no message here: every answer brings the server's load, and the gateway adds what it has sent since. So the load is taken as of the pick, and a probe need not be
/// thrown away after use. As in the paper, the latency is what answers took lately that found about as much at the server as there is now (<see cref="LatencyByLoad"/>): what
/// is there now has not been answered yet. A failure counts as no shorter than a second, so that errors do not look fast; a new server is tried with one request.
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

            emptiest.Offer(i, candidate.Load / candidate.Ramp, candidate.Ramp, context.Random);
            if (candidate.Load > hot || (!server.Latency.IsKnown && candidate.InFlight > 0))
                continue;

            isOneCold = true;
            fastest.Offer(i, server.Latency.At(candidate.Load) / candidate.Ramp, candidate.Ramp, context.Random);
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
        // Its probes stay in the pool until others push them out.
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
