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
    private readonly (int Load, int Own, int SentSince)[] _reports;
    private readonly ulong[] _hashes;

    public ModelGateway(FleetModelSettings settings, int number, ModelServer[] servers, Random random)
    {
        (_settings, _number, _servers, _random) = (settings, number, servers, random);
        _policy = settings.Policy?.Invoke() ?? BalancingPolicies.Create(settings.Algorithm);
        _outliers = new OutlierDetector(new OutlierSettings(), random);
        _reports = new (int, int, int)[servers.Length];
        _hashes = [.. Enumerable.Range(0, servers.Length).Select(server => StableHash.Of($"{server}"))];
    }

    /// <summary>Chooses a server.</summary>
    /// <returns>The server and its estimated load.</returns>
    public (int Server, int Load) Pick(double now)
    {
        // The queues of all servers change between two choices of one gateway, so all are set. The product is told of changes alone.
        var nowMs = now * _settings.ServiceMs;
        for (var server = 0; server < _servers.Length; server++)
        {
            if (_outliers.IsOut(server, nowMs))
                _policy.Exclude(server);
            else
                _policy.Set(new Candidate(
                    Estimate(server), _servers[server].Of[_number], 1, _settings.Weights.Count > 0 ? _settings.Weights[server] : 1, Slot: server, Hash: _hashes[server]));
        }

        var picked = _policy.Pick(new PickContext((ulong)_random.NextInt64(), nowMs, _random), default);
        var load = Estimate(picked);
        _outliers.Picked(picked, nowMs);
        _reports[picked].SentSince++;
        return (picked, load);
    }

    /// <summary>Receives a report of every server.</summary>
    public void TakeReports()
    {
        for (var server = 0; server < _servers.Length; server++)
            TakeReport(server);
    }

    /// <summary>Receives a response of a server, which contains the server's load.</summary>
    public void TakeResponse(int server, double now, double took, int loadThen, bool failed)
    {
        if (_settings.Knowledge == Knowledge.Product)
            TakeReport(server);
        var nowMs = now * _settings.ServiceMs;
        _policy.Observe(new Observation(server, nowMs, took * _settings.ServiceMs, failed, loadThen, _servers[server].Load));
        _outliers.Observe(server, failed, _servers.Length, nowMs);
    }

    private void TakeReport(int server) => _reports[server] = (_servers[server].Load, _servers[server].Of[_number], 0);

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
