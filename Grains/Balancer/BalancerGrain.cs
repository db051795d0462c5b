using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Utilities;
using Shortline.Balancing;
using Shortline.GrainInterfaces;
using Shortline.Hosting;

namespace Shortline.Grains;

/// <summary>
/// Keeps the latest report of each server and tells those who need to know. Its state is soft: after a loss the controller's copy and
/// the next reports make it again. Until then it makes no rankings: one that lacks servers would take them from the gateways.
/// </summary>
/// <remarks>Reentrant: nothing here spans an await that would have to be one step.</remarks>
[KeepAlive, Reentrant]
internal sealed partial class BalancerGrain : Grain, IBalancerGrain
{
    /// <summary>Queue lengths alone are pushed at most this often: gateways have fresher ones in every reply.</summary>
    private static readonly TimeSpan PushInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Leases last this many refresh intervals, so that one lost call does not make a gateway unknown.</summary>
    private const int LeaseIntervals = 3;

    /// <summary>How often a fresh balancer asks the controller which servers there are, until it knows.</summary>
    private static readonly TimeSpan RebuildPause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How long it does so. If the controller is gone as well, this is about how long a cluster takes to see that; gateways go on with what they
    /// know meanwhile.
    /// </summary>
    private static readonly TimeSpan RebuildTimeout = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly ServerRegistry _registry = new();
    private readonly ObserverManager<string, IGatewayObserver> _gateways;
    private readonly IPersistentState<BalancerMemory> _memory;
    private readonly ShortlineSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OneShotTimer _push;
    private readonly OneShotTimer _news;

    private Task _rebuilt = Task.CompletedTask;
    private ServerRanking _ranking;
    private bool _rankingIsOld = true;
    private bool _isRebuilt;
    private bool _crowded;

    public BalancerGrain(
        [PersistentState("ranking", "shortline")] IPersistentState<BalancerMemory> memory,
        ShortlineSettings settings,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _memory = memory;
        _settings = settings;
        _time = time;
        _logger = loggers.CreateLogger(LogCategories.Controller(this.GetPrimaryKeyString()));
        _gateways = new(TimeSpan.FromMilliseconds(LeaseIntervals * settings.LoadBalancer.RefreshIntervalMs), _logger)
        {
            GetDateTime = () => time.GetUtcNow().UtcDateTime,
        };
        _push = new(this, PushInterval, Push);
        _news = new(this, TimeSpan.FromMilliseconds(settings.Controller.IntervalMs), () => TellController());
        _ranking = new ServerRanking
        {
            // Microseconds since 1970: larger than any version an earlier activation can have counted up to, unless its clock was ahead.
            Version = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000,
            Servers = [],
            GatewayCount = 1,
            Algorithm = settings.LoadBalancer.Algorithm,
        };
    }

    private IControllerGrain Controller => GrainFactory.GetGrain<IControllerGrain>(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (BalancingPolicies.Exists(_memory.State.Algorithm))
            _ranking = _ranking with { Algorithm = _memory.State.Algorithm };

        // Not awaited here: the controller may be waiting for this grain. Whoever asks for the ranking waits for it.
        _rebuilt = Rebuild();
        return Task.CompletedTask;
    }

    public async Task Report(ServerResponse report)
    {
        await Register(report);
        if (_registry.MeanQueue > _settings.LoadBalancer.ServerScalingThreshold != _crowded)
            await TellController();
    }

    // The controller waits for this, so it is not told anything here.
    public async Task Register(ServerResponse report)
    {
        var change = _registry.Apply(report);
        _news.Arm();
        if (change == RegistryChange.None)
            return;

        _rankingIsOld = true;
        if (change == RegistryChange.Membership)
        {
            LogServer(report.Identity, report.Status, report.QueueLength, report.InService);
            await Push();
        }
        else
        {
            _push.Arm();
        }
    }

    public async Task<ServerRanking> Refresh(GatewayReport report, IGatewayObserver observer)
    {
        _gateways.Subscribe(report.GatewayId, observer);
        await _rebuilt;
        if (report.RankingVersion > _ranking.Version)
        {
            _ranking = _ranking with { Version = report.RankingVersion };
            _rankingIsOld = true;
        }

        CountGateways();
        if (report.Unreachable.IsDefaultOrEmpty)
            _news.Arm();
        else
            await TellController(report.Unreachable);
        return CurrentRanking();
    }

    public Task<ServerRanking> GetRanking() => Task.FromResult(CurrentRanking());

    public async Task Remove(IReadOnlyList<EndedServer> ended)
    {
        var removed = ended.Where(_registry.Remove).Select(server => server.Identity).ToList();
        if (removed.Count == 0)
            return;
        _rankingIsOld = true;
        LogRemoved(string.Join(", ", removed));
        await Push();
    }

    public async Task<bool> SetAlgorithm(string algorithm)
    {
        if (!BalancingPolicies.Exists(algorithm))
            return false;
        if (algorithm == _ranking.Algorithm)
            return true;
        LogAlgorithm(algorithm, _ranking.Algorithm);
        _memory.State.Algorithm = algorithm;
        await _memory.WriteStateAsync();
        _ranking = _ranking with { Algorithm = algorithm };
        _rankingIsOld = true;
        await Push();
        return true;
    }

    /// <summary>A fresh activation knows nobody; an empty ranking would make the gateways reject.</summary>
    private async Task Rebuild()
    {
        var begun = _time.GetTimestamp();
        while (!await TakeOver())
        {
            if (_time.GetElapsedTime(begun) > RebuildTimeout)
            {
                LogNotRebuilt();
                break;
            }

            await Task.Delay(RebuildPause, _time);
        }

        _isRebuilt = true;
        _push.Arm();
    }

    /// <returns>Whether the controller has said which servers there are. It may be as fresh as this balancer, and then looks first.</returns>
    private async Task<bool> TakeOver()
    {
        try
        {
            var fleet = await Controller.GetStatus().WaitAsync(AnswerTimeout, _time);
            foreach (var report in fleet.Servers.Concat(fleet.External))
                _rankingIsOld |= _registry.Apply(report) != RegistryChange.None;
            return fleet.IsComplete;
        }
        catch (Exception e)
        {
            LogNoFleet(e);
            return false;
        }
    }

    private ServerRanking CurrentRanking()
    {
        if (_rankingIsOld)
        {
            _ranking = _ranking with { Version = _ranking.Version + 1, Servers = _registry.Ranked() };
            _rankingIsOld = false;
        }

        return _ranking;
    }

    private void CountGateways()
    {
        _gateways.ClearExpired();
        var count = Math.Max(1, _gateways.Count);
        if (count == _ranking.GatewayCount)
            return;
        _ranking = _ranking with { GatewayCount = count };
        _rankingIsOld = true;
        _push.Arm();
    }

    private async Task Push()
    {
        _push.Disarm();
        if (!_isRebuilt)
            return;
        CountGateways();
        var ranking = CurrentRanking();
        await _gateways.Notify(gateway => gateway.OnRanking(ranking));
    }

    private async Task TellController(ImmutableArray<string> unreachable = default)
    {
        _news.Disarm();
        _crowded = _registry.MeanQueue > _settings.LoadBalancer.ServerScalingThreshold;
        await Controller.Handle(new ControllerRequest
        {
            Version = CurrentRanking().Version,
            Servers = _registry.Reports,
            Unreachable = unreachable.IsDefault ? [] : unreachable,
        });
    }
}
