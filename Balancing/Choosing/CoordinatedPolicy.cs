namespace Shortline.Balancing.Choosing;

/// <summary>
/// For many gateways: chooses at random, so that all gateways together level the queues, and lets a server that has more than that return
/// the request.
/// </summary>
/// <remarks>
/// <para>
/// Gateways that choose the shortest queue of the same report all choose the same server. With stochastic coordination (G. Goren,
/// S. Vargaftik, Y. Moses, "Stochastic coordination in heterogeneous load balancing systems", PODC 2021, arXiv 2105.09389) each gateway
/// chooses server <c>s</c> with a probability in proportion to <c>(Λ·c − 2q − 1)⁺</c>, where <c>q</c> is the queue, <c>c</c> the number of
/// workers, and <c>Λ</c> a level at which the weights add up to the number of requests that all gateways send at once. It is the
/// distribution with which the squared distances of the queues from a common level are least in the mean.
/// </para>
/// <para>
/// Between two reports the queues change by what all gateways send and the servers complete. So each gateway lets them drift in its memory:
/// up by its own rate of requests times the number of the other gateways, distributed as it would distribute them itself, and down by the
/// rate at which the server works.
/// </para>
/// <para>
/// What is left is chance: two gateways may choose the same server at the same time. A server that finds more requests than the level
/// returns the request once (<see cref="MostLoad"/>), and the gateway, which knows that queue now, chooses again.
/// </para>
/// <para>
/// Weights follow each change at once, and the level is found again every tenth of a service time, which costs O(n log n), but at most
/// a fiftieth of the time.
/// </para>
/// </remarks>
internal sealed class CoordinatedPolicy : IBalancingPolicy
{
    /// <summary>The sum of the weights: at least one request at once, which counts twice.</summary>
    private const double LeastWeights = 2;

    /// <summary>How much of a service time queues drift at once. More would not follow the other gateways.</summary>
    private const double Step = 0.1;

    /// <summary>The least time between two looks at all servers, and the part of it for each server, in milliseconds.</summary>
    private const double LeastPauseMs = 0.1;
    private const double PausePerServerMs = 0.005;

    /// <summary>Steps of drift in one look at most. After a longer pause there is a report.</summary>
    private const int MostSteps = 20;

    /// <summary>The rate of requests is averaged over this time in milliseconds, or over this many requests if that is longer.</summary>
    private const double RateOverMs = 1000;
    private const double RateOverPicks = 50;

    /// <summary>
    /// How many requests above the level a server may have. With fewer, more requests are returned: in a simulation of 50 gateways 19 % with
    /// this number, 16 % with one more quarter, and the mean response time is 2.90 and 3.02 service times.
    /// </summary>
    private const double Surplus = 0.75;

    /// <summary>How often a random choice that hits nothing by a rounding error is repeated.</summary>
    private const int Tries = 4;

    private readonly AvailableServers _available = new();
    private readonly SlotTable<Server> _servers = new();
    private readonly WeightTree _weights = new();
    private double[] _levels = new double[16];
    private double[] _capacities = new double[16];
    private double _level = double.NegativeInfinity;
    private double _lookedAtMs = double.NegativeInfinity;
    private double _pauseMs;
    private double _ratePerMs;
    private double _observedMs;
    private int _picks;
    private bool _isLevelOld = true;

    public string Name => BalancingPolicies.Coordinated;

    public int MostLoad { get; private set; } = int.MaxValue;

    public void Set(in Candidate server)
    {
        ref var state = ref _servers[server.Slot];
        var isNew = !_available.Has(server.Slot);
        if (isNew || state.News != server.News)
            (state.Queue, state.AtMs) = (server.Known, server.NewsAtMs);
        else
            state.Queue += server.Known - state.Known;

        (state.News, state.Known) = (server.News, server.Known);
        state.Queue = Math.Max(state.Queue, server.InFlight);
        _available.Set(server);
        _isLevelOld |= isNew;
        Weigh(server.Slot);
    }

    public void Exclude(int slot)
    {
        if (!_available.Exclude(slot))
            return;
        _weights.Set(slot, 0);
        _isLevelOld = true;
    }

    public void Forget(int slot)
    {
        Exclude(slot);
        _servers[slot] = default;
    }

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        _picks++;
        if (_isLevelOld || context.NowMs - _lookedAtMs >= _pauseMs)
            Look(context);

        var slot = Choose(context.Random, tried);
        if (slot < 0)
        {
            // All are above the level: it is found again.
            Look(context);
            slot = Choose(context.Random, tried);
        }

        if (slot < 0)
            slot = _available.Random(context.Random, tried);
        MostLoad = slot < 0 || context.Gateways < 2 ? int.MaxValue : 1 + (int)Math.Clamp(((_level * _available[slot].Capacity) - 1) / 2 + Surplus, 0, int.MaxValue - 1);
        return slot;
    }

    private int Choose(Random random, ReadOnlySpan<int> tried)
    {
        Span<double> hidden = stackalloc double[Math.Min(tried.Length, 64)];
        for (var i = 0; i < hidden.Length; i++)
        {
            hidden[i] = _weights.WeightOf(tried[i]);
            _weights.Set(tried[i], 0);
        }

        var chosen = -1;
        for (var i = 0; i < Tries && chosen < 0 && _weights.Sum > 1e-9; i++)
        {
            var slot = _weights.Random(random);
            if (_weights.WeightOf(slot) > 0)
                chosen = slot;
        }

        for (var i = 0; i < hidden.Length; i++)
            _weights.Set(tried[i], hidden[i]);
        return chosen;
    }

    /// <summary>Lets the queues drift to the present, and finds the level.</summary>
    private void Look(in PickContext context)
    {
        var sinceMs = double.IsNegativeInfinity(_lookedAtMs) ? 0 : context.NowMs - _lookedAtMs;
        _lookedAtMs = context.NowMs;
        if (sinceMs > 0)
        {
            var overMs = Math.Max(RateOverMs, RateOverPicks / Math.Max(_ratePerMs, 1e-9));
            _observedMs = Math.Min(_observedMs + sinceMs, overMs);
            _ratePerMs += sinceMs / Math.Max(_observedMs, sinceMs) * ((_picks / sinceMs) - _ratePerMs);
            _picks = 0;
        }

        if (_available.Count == 0)
            return;

        var serviceMs = MeanServiceMs();
        var othersPerMs = _ratePerMs * Math.Max(0, context.Gateways - 1);
        _pauseMs = Math.Max(Math.Max(LeastPauseMs, PausePerServerMs * _available.Count), Step * serviceMs);
        var atOnce = Math.Max(LeastWeights, 2 * othersPerMs * _pauseMs);
        FindLevel(atOnce);
        if (othersPerMs > 0 && serviceMs > 0)
        {
            var fromMs = Math.Max(context.NowMs - sinceMs, OldestNewsMs());
            var stepMs = Math.Max(_pauseMs, (context.NowMs - fromMs) / MostSteps);
            for (; fromMs < context.NowMs; fromMs += stepMs)
            {
                Drift(fromMs, Math.Min(context.NowMs, fromMs + stepMs), othersPerMs);
                FindLevel(atOnce);
            }
        }

        for (var i = 0; i < _available.Count; i++)
            Weigh(_available.At(i));
        _isLevelOld = false;
    }

    /// <summary>Lets time pass since the news of each server: the other gateways send, and the servers work.</summary>
    private void Drift(double fromMs, double toMs, double othersPerMs)
    {
        var sum = 0.0;
        for (var i = 0; i < _available.Count; i++)
            sum += WeightOf(_available.At(i));

        for (var i = 0; i < _available.Count; i++)
        {
            var slot = _available.At(i);
            ref readonly var server = ref _available[slot];
            ref var state = ref _servers[slot];
            var ms = toMs - Math.Max(fromMs, state.AtMs);
            if (ms <= 0)
                continue;
            var arrivals = sum > 0 ? ms * othersPerMs * WeightOf(slot) / sum : 0;
            var completed = server.ServiceTimeMs > 0 ? ms / server.ServiceTimeMs * Math.Min(state.Queue, server.Concurrency) : 0;
            state.Queue = Math.Max(server.InFlight, state.Queue + arrivals - completed);
        }
    }

    /// <summary>
    /// Finds the level at which the weights add up to a number: fills the servers up like connected vessels, the lowest one first.
    /// </summary>
    private void FindLevel(double weights)
    {
        var count = _available.Count;
        if (count > _levels.Length)
            (_levels, _capacities) = (new double[2 * count], new double[2 * count]);
        for (var i = 0; i < count; i++)
        {
            var slot = _available.At(i);
            (_levels[i], _capacities[i]) = (LevelOf(slot), _available[slot].Capacity);
        }

        Array.Sort(_levels, _capacities, 0, count);
        var (filled, capacity) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            filled += _levels[i] * _capacities[i];
            capacity += _capacities[i];
            _level = (weights + filled) / capacity;
            if (i + 1 == count || _level <= _levels[i + 1])
                return;
        }
    }

    private double OldestNewsMs()
    {
        var oldest = double.PositiveInfinity;
        for (var i = 0; i < _available.Count; i++)
            oldest = Math.Min(oldest, _servers[_available.At(i)].AtMs);
        return oldest;
    }

    private double LevelOf(int slot) => ((2 * _servers[slot].Queue) + 1) / _available[slot].Capacity;

    private double WeightOf(int slot) => Math.Max(0, (_level - LevelOf(slot)) * _available[slot].Capacity);

    private void Weigh(int slot) => _weights.Set(slot, WeightOf(slot));

    private double MeanServiceMs()
    {
        var (sum, known) = (0.0, 0);
        for (var i = 0; i < _available.Count; i++)
        {
            var ms = _available[_available.At(i)].ServiceTimeMs;
            sum += ms;
            known += ms > 0 ? 1 : 0;
        }

        return known == 0 ? 0 : sum / known;
    }

    private struct Server
    {
        /// <summary>The estimated number of requests now.</summary>
        public double Queue;
        public int Known;
        public long News;
        public double AtMs;
    }
}
