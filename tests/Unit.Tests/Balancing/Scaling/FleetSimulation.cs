using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

/// <summary>
/// Simulates a pool in simulated time. Each request goes to the shortest queue. The policy decides at its interval, and at once when the
/// mean queue rises above the threshold. Servers take a while to start, and drain before they end.
/// </summary>
internal sealed class FleetSimulation(ScalingSettings settings, int seed)
{
    private const int IntervalMs = 1000;
    private const int UrgentMs = IntervalMs / 4;
    private const double StartTakesMs = 50;

    private readonly Random _random = new(seed);
    private readonly List<Server> _servers = [];
    private readonly List<(double At, int Ready, ScalingDecision Decision)> _decisions = [];
    private ScalingState _state = ScalingState.Begin(settings.Minimum);
    private double _now;
    private double _nextDecision;
    private int _nextId;
    private bool _crowded;

    public double ServiceMs { get; init; } = 50;

    public int Concurrency { get; init; } = 1;

    /// <summary>Whether gaps and service times are exponential. Otherwise they are all equal.</summary>
    public bool Chance { get; init; } = true;

    public double Now => _now;

    public int Ready => _servers.Count(s => s.IsReady(_now));

    public int Waiting => _servers.Sum(s => s.Waiting);

    public IReadOnlyList<(double At, int Ready, ScalingDecision Decision)> Decisions => _decisions;

    /// <summary>The sizes that the policy has asked for since a time, without repeats.</summary>
    public List<int> SizesSince(double time)
    {
        List<int> sizes = [];
        foreach (var entry in _decisions.Where(l => l.At >= time))
        {
            if (sizes.Count == 0 || sizes[^1] != entry.Decision.Desired)
                sizes.Add(entry.Decision.Desired);
        }

        return sizes;
    }

    public void Run(double arrivalsPerSecond, double forMs)
    {
        var end = _now + forMs;
        var nextArrival = arrivalsPerSecond > 0 ? _now + Gap() : double.MaxValue;
        while (true)
        {
            var next = Math.Min(end, Math.Min(nextArrival, _nextDecision));
            _now = next;
            foreach (var server in _servers)
                server.Complete(_now);
            _servers.RemoveAll(s => s.Draining && s.Load == 0);
            if (next == end)
                return;
            if (next == nextArrival)
            {
                Arrive();
                nextArrival = _now + Gap();
                var crowded = _servers.Sum(s => s.Waiting) > settings.Threshold * Math.Max(1, Ready);
                if (crowded && !_crowded)
                    _nextDecision = _now;
                _crowded = crowded;
            }
            else
            {
                Decide();
            }
        }

        double Gap() => Spread(1000 / arrivalsPerSecond);
    }

    private double Spread(double mean) => Chance ? -Math.Log(1 - _random.NextDouble()) * mean : mean;

    private void Arrive()
    {
        var ready = _servers.Where(s => s.IsReady(_now)).ToList();
        if (ready.Count == 0)
            return;
        var shortest = ready.Min(s => (double)s.Load / Concurrency);
        var tied = ready.Where(s => (double)s.Load / Concurrency == shortest).ToList();
        tied[_random.Next(tied.Count)].Add(_now, Spread(ServiceMs));
    }

    private void Decide()
    {
        var ready = _servers.Where(s => s.IsReady(_now)).ToList();
        var loads = ready.ConvertAll(s => s.Report(_now));
        var settled = _servers.Count(s => !s.Draining) == _state.Desired && ready.Count == _servers.Count;
        (var decision, _state) = ScalingPolicy.Decide(_state, (long)_now, loads, settled, settings);
        _decisions.Add((_now, ready.Count, decision));
        while (_servers.Count(s => !s.Draining) < decision.Desired)
            _servers.Add(new Server($"{_nextId++}", _now + (_now == 0 ? 0 : StartTakesMs), Concurrency));
        if (decision.Desired < ready.Count && settled)
            ready[FleetOrder.Emptiest(loads)].Draining = true;
        _nextDecision = _now + (decision.Urgent ? UrgentMs : IntervalMs);
    }

    private sealed class Server(string id, double readyAt, int concurrency)
    {
        private readonly PriorityQueue<double, double> _departures = new();
        private readonly double[] _freeAt = new double[concurrency];
        private long _completed;
        private double _presence;
        private double _presentSince;
        private double _serviceTime;

        public bool Draining { get; set; }

        public int Load => _departures.Count;

        public int Waiting => Math.Max(0, Load - concurrency);

        public ServerLoad Report(double now) => new(id, 1, Waiting, Math.Min(Load, concurrency), concurrency, _completed, _serviceTime, (long)(now - readyAt), PresenceMs: PresenceUntil(now));

        public bool IsReady(double now) => !Draining && now >= readyAt;

        public void Add(double now, double service)
        {
            _presence = PresenceUntil(now);
            _presentSince = now;
            var worker = Array.IndexOf(_freeAt, _freeAt.Min());
            _freeAt[worker] = Math.Max(now, _freeAt[worker]) + service;
            _departures.Enqueue(service, _freeAt[worker]);
        }

        private double PresenceUntil(double now) => _presence + (Load * (now - _presentSince));

        public void Complete(double now)
        {
            while (_departures.TryPeek(out var service, out var at) && at <= now)
            {
                _presence = PresenceUntil(at);
                _presentSince = at;
                _departures.Dequeue();
                _completed++;
                _serviceTime = _serviceTime == 0 ? service : (0.95 * _serviceTime) + (0.05 * service);
            }
        }
    }
}
