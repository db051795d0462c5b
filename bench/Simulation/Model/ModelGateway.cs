using Shortline.Balancing.Choosing;
using Shortline.Balancing.Health;

namespace Shortline.Bench.Simulation.Model;

/// <summary>
/// A simulated gateway: the product's own policy, load estimate and outlier detection, with the information that this gateway would have.
/// </summary>
internal sealed class ModelGateway
{
    private readonly FleetModelSettings _settings;
    private readonly int _number;
    private readonly ModelServer[] _servers;
    private readonly Random _random;
    private readonly IBalancingPolicy _policy;
    private readonly OutlierDetector _outliers;
    private readonly (int Load, int Own, int SentSince, long Number, double AtMs)[] _reports;
    private readonly ulong[] _hashes;
    private readonly bool[] _isChanged;
    private readonly List<int> _changed = [];

    public ModelGateway(FleetModelSettings settings, int number, ModelServer[] servers, Random random)
    {
        (_settings, _number, _servers, _random) = (settings, number, servers, random);
        _policy = settings.Policy?.Invoke() ?? BalancingPolicies.Create(settings.Algorithm);
        _outliers = new OutlierDetector(new OutlierSettings(), random);
        _reports = new (int, int, int, long, double)[servers.Length];
        _isChanged = new bool[servers.Length];
        _hashes = [.. Enumerable.Range(0, servers.Length).Select(server => StableHash.Of($"{server}"))];
        MarkAll();
    }

    /// <summary>Chooses a server. One that has more requests than it should have returns the request once, as in the product.</summary>
    /// <returns>The server, its estimated load, and whether another server has returned the request.</returns>
    public (int Server, int Load, bool IsReturned) Pick(double now)
    {
        var (server, load) = Pick(now, []);
        if (_servers[server].Load < _policy.MostLoad || _servers[server].Load == 0)
            return (server, load, false);

        TakeReport(server, now);
        (server, load) = Pick(now, [server]);
        return (server, load, true);
    }

    private (int Server, int Load) Pick(double now, ReadOnlySpan<int> tried)
    {
        var nowMs = now * _settings.ServiceMs;
        TellOfChanges(nowMs);
        var picked = _policy.Pick(new PickContext((ulong)_random.NextInt64(), nowMs, _random, _settings.Gateways), tried);
        var load = Estimate(picked);
        _outliers.Picked(picked, nowMs);
        return (picked, load);
    }

    /// <summary>Tells the policy of the servers that have changed since the last choice, as the product does.</summary>
    private void TellOfChanges(double nowMs)
    {
        if (_settings.Knowledge == Knowledge.Truth)
            MarkAll();
        if (_settings.FailingServer >= 0)
            Mark(_settings.FailingServer); // It may be ejected, and be out for a time.
        foreach (var server in _changed)
        {
            _isChanged[server] = false;
            if (_outliers.IsOut(server, nowMs))
                _policy.Exclude(server);
            else
                _policy.Set(CandidateOf(server));
        }

        _changed.Clear();
    }

    private Candidate CandidateOf(int server) => new(
        Estimate(server), _servers[server].Of[_number], 1, _settings.Weights.Count > 0 ? _settings.Weights[server] : 1, Slot: server, Hash: _hashes[server])
    {
        Known = Known(server),
        News = _reports[server].Number,
        NewsAtMs = _reports[server].AtMs,
        ServiceTimeMs = _settings.ServiceMs / _settings.Speeds[server],
    };

    private void Mark(int server)
    {
        if (_isChanged[server])
            return;
        _isChanged[server] = true;
        _changed.Add(server);
    }

    private void MarkAll()
    {
        for (var server = 0; server < _servers.Length; server++)
            Mark(server);
    }

    /// <summary>Receives a report of every server.</summary>
    public void TakeReports(double now)
    {
        for (var server = 0; server < _servers.Length; server++)
            TakeReport(server, now);
    }

    /// <summary>Receives a response of a server, which contains the server's load.</summary>
    public void TakeResponse(int server, double now, double took, int loadThen, bool failed)
    {
        if (_settings.Knowledge == Knowledge.Product)
            TakeReport(server, now);
        Mark(server);
        var nowMs = now * _settings.ServiceMs;
        _policy.Observe(new Observation(server, nowMs, took * _settings.ServiceMs, failed, loadThen, _servers[server].Load));
        _outliers.Observe(server, failed, _servers.Length, nowMs);
    }

    /// <summary>Notes that the server chosen last has the request.</summary>
    public void Sent(int server)
    {
        _reports[server].SentSince++;
        Mark(server);
    }

    private void TakeReport(int server, double now)
    {
        _reports[server] = (_servers[server].Load, _servers[server].Of[_number], 0, _reports[server].Number + 1, now * _settings.ServiceMs);
        Mark(server);
    }

    private int Known(int server)
    {
        ref readonly var report = ref _reports[server];
        return StaleCorrection.Estimate(report.Load, report.Own, _servers[server].Of[_number], report.SentSince, gateways: 1);
    }

    private int Estimate(int server)
    {
        ref readonly var report = ref _reports[server];
        return _settings.Knowledge switch
        {
            Knowledge.Truth => _servers[server].Load,
            Knowledge.ReportsAlone => report.Load,
            Knowledge.ReportsAndOwnSince => report.Load + report.SentSince,
            _ => StaleCorrection.Estimate(report.Load, report.Own, _servers[server].Of[_number], report.SentSince, _settings.Gateways),
        };
    }
}
