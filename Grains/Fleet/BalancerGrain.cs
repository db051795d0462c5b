using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Utilities;
using Shortline.Balancing.Choosing;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Fleet;

/// <summary>
/// Keeps the latest report of each server, pushes rankings to the gateways and informs the controller. Its state is soft: a new activation
/// rebuilds it from the controller's copy and the next reports. Until then it publishes no ranking, because gateways would drop the servers
/// that it lacks.
/// </summary>
/// <remarks>Reentrant: no step that has to be atomic spans an await.</remarks>
[KeepAlive, Reentrant]
internal sealed partial class BalancerGrain : Grain, IBalancerGrain
{
    /// <summary>Refresh intervals that a lease lasts, so that one lost call does not end it.</summary>
    private const int LeaseIntervals = 3;

    /// <summary>Pause between two questions of a new activation to the controller, until the controller knows the whole fleet.</summary>
    private static readonly TimeSpan RebuildPause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// When a new activation warns that it still asks. If the controller was lost as well, a cluster takes about this long to see it.
    /// Meanwhile gateways use the ranking they have.
    /// </summary>
    private static readonly TimeSpan RebuildWarning = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly ServerRegistry _registry;
    private readonly ObserverManager<string, IGatewayObserver> _gateways;
    private readonly IPersistentState<BalancerMemory> _memory;
    private readonly ShortlineSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OneShotTimer _pushTimer;
    private readonly OneShotTimer _informTimer;

    private Task _rebuilt = Task.CompletedTask;

    /// <summary>The version of the last ranking that was pushed.</summary>
    private long _version;
    private string _algorithm;
    private int _gatewayCount = 1;

    /// <summary>Whether the next push brings more than changes of servers.</summary>
    private bool _hasNewsForAll;

    /// <summary>Whether the next push must be the whole ranking, because gateways may have another one.</summary>
    private bool _mustPushWhole = true;
    private ImmutableArray<ServerResponse> _ranked = [];
    private bool _rankedIsOld = true;
    private bool _isRebuilt;
    private bool _ended;
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
        _registry = new ServerRegistry(time);
        _logger = loggers.CreateLogger(LogCategories.Controller(this.GetPrimaryKeyString()));
        _gateways = new(TimeSpan.FromMilliseconds(LeaseIntervals * settings.LoadBalancer.RefreshIntervalMs), _logger)
        {
            GetDateTime = () => time.GetUtcNow().UtcDateTime,
        };
        _pushTimer = new(this, PushPace.Pause(changed: 0, gateways: 1), Push);
        _informTimer = new(this, TimeSpan.FromMilliseconds(settings.Controller.IntervalMs), () => InformController());
        _algorithm = settings.LoadBalancer.Algorithm;

        // Microseconds since 1970: larger than any version that an earlier activation has reached, unless its clock was ahead.
        _version = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
    }

    private IControllerGrain Controller => GrainFactory.GetGrain<IControllerGrain>(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (BalancingPolicies.Exists(_memory.State.Algorithm))
            _algorithm = _memory.State.Algorithm;

        // Not awaited here, because the controller may be waiting for this grain. Refresh awaits it.
        _rebuilt = Rebuild();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ended = true;
        return Task.CompletedTask;
    }

    public async Task Report(ImmutableArray<ServerResponse> reports)
    {
        await Register(reports);
        if (_registry.MeanQueue > _settings.LoadBalancer.ServerScalingThreshold != _crowded)
            await InformController();
    }

    // The controller awaits this call, so this call must not call the controller.
    public async Task Register(ImmutableArray<ServerResponse> reports)
    {
        var most = RegistryChange.None;
        foreach (var report in reports)
        {
            var change = _registry.Apply(report);
            if (change == RegistryChange.Membership)
                LogServer(report.Identity, report.Status, report.QueueLength, report.InService);
            if (change > most)
                most = change;
        }

        _informTimer.Arm();
        _rankedIsOld |= most != RegistryChange.None;
        if (most == RegistryChange.Membership)
            await Push();
        else if (most == RegistryChange.Queue)
            _pushTimer.Arm();
    }

    public async Task<ServerRanking> Refresh(GatewayReport report, IGatewayObserver observer)
    {
        _gateways.Subscribe(report.GatewayId, observer);
        await _rebuilt;
        if (report.RankingVersion > _version)
        {
            _version = report.RankingVersion;
            _mustPushWhole = true;
        }

        CountGateways();
        if (_mustPushWhole)
            await Push();
        if (report.Unreachable.IsDefaultOrEmpty)
            _informTimer.Arm();
        else
            await InformController(report.Unreachable);

        // A gateway that has the version pushed last gets what is new with the next push.
        return report.RankingVersion == _version ? Ranking(_version, [], []) : WholeRanking();
    }

    public Task<ServerRanking> GetRanking() => Task.FromResult(WholeRanking());

    public async Task Remove(IReadOnlyList<EndedServer> ended)
    {
        var removed = ended.Where(_registry.Remove).Select(server => server.Identity).ToList();
        if (removed.Count == 0)
            return;
        _rankedIsOld = true;
        LogRemoved(string.Join(", ", removed));
        await Push();
    }

    public async Task<bool> SetAlgorithm(string algorithm)
    {
        if (!BalancingPolicies.Exists(algorithm))
            return false;
        if (algorithm == _algorithm)
            return true;
        LogAlgorithm(algorithm, _algorithm);
        _memory.State.Algorithm = algorithm;
        await _memory.WriteStateAsync();
        _algorithm = algorithm;
        _hasNewsForAll = true;
        await Push();
        return true;
    }

    /// <summary>
    /// Takes the servers from the controller: a new activation knows none, and an empty ranking would make the gateways reject every
    /// request.
    /// </summary>
    private async Task Rebuild()
    {
        var begun = _time.GetTimestamp();
        var warned = false;
        while (!await TakeOver())
        {
            if (!warned && _time.GetElapsedTime(begun) > RebuildWarning)
            {
                warned = true;
                LogNotRebuilt();
            }

            if (_ended)
                return;
            await Task.Delay(RebuildPause, _time);
        }

        _isRebuilt = true;
        _pushTimer.Arm();
    }

    /// <returns>Whether the controller knows the whole fleet. A new activation of the controller must first look at the fleet.</returns>
    private async Task<bool> TakeOver()
    {
        try
        {
            var fleet = await Controller.GetStatus().WaitAsync(AnswerTimeout, _time);
            foreach (var report in fleet.Servers.Concat(fleet.External))
                _rankedIsOld |= _registry.Apply(report) != RegistryChange.None;
            return fleet.IsComplete;
        }
        catch (Exception e)
        {
            LogNoFleet(e);
            return false;
        }
    }

    private ServerRanking WholeRanking()
    {
        if (_rankedIsOld)
            _ranked = _registry.Ranked();
        _rankedIsOld = false;
        return Ranking(since: 0, _ranked, []);
    }

    private ServerRanking Ranking(long since, ImmutableArray<ServerResponse> servers, ImmutableArray<EndedServer> ended) => new()
    {
        Version = _version,
        Since = since,
        Servers = servers,
        Ended = ended,
        GatewayCount = _gatewayCount,
        Algorithm = _algorithm,
    };

    private void CountGateways()
    {
        _gateways.ClearExpired();
        var count = Math.Max(1, _gateways.Count);
        if (count == _gatewayCount)
            return;
        _gatewayCount = count;
        _hasNewsForAll = true;
        _pushTimer.Arm();
    }

    private async Task Push()
    {
        _pushTimer.Disarm();
        if (!_isRebuilt)
            return;
        CountGateways();

        // The timer may fire just after a change of membership has been pushed: then gateways have this ranking already.
        if (!_registry.HasChanges && !_hasNewsForAll && !_mustPushWhole)
            return;

        var (changed, ended) = _registry.TakeChanges();
        var since = _mustPushWhole ? 0 : _version;
        _version++;
        var ranking = since == 0 ? WholeRanking() : Ranking(since, changed, ended);
        (_mustPushWhole, _hasNewsForAll) = (false, false);
        _pushTimer.Delay = PushPace.Pause(ranking.Servers.Length, _gatewayCount);
        await _gateways.Notify(gateway => gateway.OnRanking(ranking));
    }

    private async Task InformController(ImmutableArray<string> unreachable = default)
    {
        _informTimer.Disarm();
        _crowded = _registry.MeanQueue > _settings.LoadBalancer.ServerScalingThreshold;
        await Controller.Handle(new ControllerRequest
        {
            Version = _version,
            Servers = _registry.TakeChangesForController(),
            MeanQueue = _registry.MeanQueue,
            Unreachable = unreachable.IsDefault ? [] : unreachable,
        });
    }
}
