using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Shortline.Balancing.Scaling;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Fleet;

/// <summary>
/// Keeps a fleet at the size that <see cref="ScalingPolicy"/> decides: looks at the fleet on an interval, and at once when the balancer
/// reports queues over the threshold or a server that cannot be reached.
/// </summary>
/// <remarks>
/// <see cref="FleetState"/> is what it knows, <see cref="FleetPlan"/> decides, <see cref="FleetReconciler"/> leads a look,
/// <see cref="FleetCalls"/> makes the calls and <see cref="FleetStore"/> the writes. Reentrant, so that other calls do not wait for a look that
/// waits for servers. Only one look runs at a time, and a member is in the state before the first await of its start. A second activation of
/// this grain is possible for a moment, so every step may happen twice: starting, draining and killing a server are idempotent.
/// </remarks>
[KeepAlive, Reentrant]
internal sealed class ControllerGrain : Grain, IControllerGrain
{
    private readonly ShortlineSettings _settings;
    private readonly FleetState _fleet;
    private readonly FleetEvents _events;
    private readonly FleetCalls _calls;
    private readonly FleetStore _store;
    private readonly FleetReconciler _reconciler;

    /// <summary>The reports of external servers, which are only shown.</summary>
    private ImmutableArray<ServerResponse> _external = [];

    public ControllerGrain(
        [PersistentState("fleet", "shortline")] IPersistentState<FleetMemory> memory,
        ShortlineSettings settings,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var pool = this.GetPrimaryKeyString();
        var logger = loggers.CreateLogger(LogCategories.Controller(pool));
        _settings = settings;
        _events = new FleetEvents(pool, time, logger);
        _fleet = new FleetState(settings, _events, time);
        _calls = new FleetCalls(pool, _fleet, _events, GrainFactory, settings, time, logger);
        _store = new FleetStore(memory, _fleet, time, logger);
        _reconciler = new FleetReconciler(_fleet, _calls, _store, _events, settings, logger);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store.Load();

        // Any call activates the controller again after the loss of its silo (from the balancer, or an operator); this timer makes it take
        // over.
        var timer = this.RegisterGrainTimer(
            _reconciler.Look, new GrainTimerCreationOptions(TimeSpan.Zero, _reconciler.Interval) { Interleave = true });
        _reconciler.NextLookIn = pause => timer.Change(pause, _reconciler.Interval);
        return Task.CompletedTask;
    }

    /// <summary>The call itself has activated the grain, whose timer looks at the fleet. Only a new silo needs a look at once.</summary>
    public Task EnsureStarted(string siloAddress)
    {
        _fleet.Silos.Speaks(siloAddress);
        if (_reconciler.HasLooked && !_fleet.Silos.Has(siloAddress))
            _ = _reconciler.Look();
        return Task.CompletedTask;
    }

    public async Task<int> LeaveSilo(string siloAddress)
    {
        if (!await _reconciler.KnowFleet())
            return -1;
        if (_fleet.Silos.Leave(siloAddress))
            _events.Note($"silo {siloAddress} leaves");
        _ = _reconciler.Look();
        return _fleet.Members.Count(member => member.SiloAddress == siloAddress);
    }

    public Task Handle(ControllerRequest request)
    {
        _external = [.. request.Servers.Where(report => report.IsExternal)];
        foreach (var report in request.Servers)
            _fleet.Learn(report);

        foreach (var id in request.Unreachable)
        {
            if (_fleet.TryGet(id, out var member))
                member.Doubt();
        }

        return request.Unreachable.Length > 0 || request.MeanQueue > _settings.LoadBalancer.ServerScalingThreshold
            ? _reconciler.Look()
            : Task.CompletedTask;
    }

    public Task<FleetStatus> GetStatus() => Task.FromResult(new FleetStatus
    {
        Desired = _fleet.Scaling.Desired,
        Wanted = Math.Max(_fleet.Scaling.Desired, _fleet.Wanted),
        Minimum = _fleet.Minimum,
        Maximum = _fleet.Maximum,
        Silos = _fleet.Silos.Count,
        Panic = _fleet.Decision.Panic,
        Servers = [.. _fleet.Members.Select(member => member.Report).OfType<ServerResponse>()],
        Events = _events.ToImmutable(),
        Notice = _reconciler.Notice,
        IsComplete = _reconciler.HasLooked,
        External = _external,
    });

    public async Task<string?> AddServer()
    {
        if (!await _reconciler.KnowFleet() || _fleet.Staying >= _fleet.Maximum || _fleet.Reserve(1) is not [var member])
            return null;

        // Before the start, so that no look takes the new server for one too many.
        _fleet.Resize(_fleet.Minimum + 1, Math.Min(_fleet.Maximum, _fleet.Scaling.Desired + 1));
        _events.Note($"server {member.Id} is added; at least {_fleet.Minimum} from now on");
        await _calls.Start([member]);
        if (member.Report is null)
        {
            _fleet.Resize(_fleet.AskedByPerson - 1, _fleet.Scaling.Desired - 1);
            _events.Note($"server {member.Id} did not start; at least {_fleet.Minimum} from now on", LogLevel.Warning);
        }

        await _store.Save();
        return member.Report is null ? null : member.Id;
    }

    public async Task<bool> DrainServer(string serverId)
    {
        if (!await _reconciler.KnowFleet())
            return false;
        var ready = _fleet.ReadyCount;
        if (!_fleet.TryGet(serverId, out var member) || !member.IsReady || ready < 2 || ready <= Math.Min(_fleet.Silos.Staying, _settings.Server.MaxCount))
            return false;
        _fleet.Resize(_fleet.Minimum - 1, _fleet.Scaling.Desired - 1);
        _events.Note($"server {serverId} is drained on request; at least {_fleet.Minimum} from now on");
        await _calls.Drain(member);
        _reconciler.LookSoon();
        await _store.Save();
        return true;
    }

    public async Task<bool> KillServer(string serverId)
    {
        if (!await _reconciler.KnowFleet() || !_fleet.TryGet(serverId, out var member))
            return false;
        _events.Note($"server {serverId} is killed on request");
        await _calls.Kill(member);
        await _calls.TellEnds();
        _ = _reconciler.Look();
        return true;
    }
}
