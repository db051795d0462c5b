using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
/// Reentrant, so that other calls do not wait for a look that waits for servers. Only one look runs at a time, and a member is in
/// <see cref="_members"/> before the first await of its start. A second activation of this grain is possible for a moment, so every step
/// may happen twice: starting, draining and killing a server are idempotent.
/// </remarks>
[KeepAlive, Reentrant]
internal sealed partial class ControllerGrain(
    [PersistentState("fleet", "shortline")] IPersistentState<FleetMemory> memory,
    ShortlineSettings settings,
    TimeProvider time,
    ILoggerFactory loggers) : Grain, IControllerGrain
{
    private readonly Dictionary<string, FleetMember> _members = new(StringComparer.Ordinal);
    private readonly FleetSilos _silos = new();
    private readonly FleetEvents _events = new(time);

    /// <summary>The reports of external servers, which are only shown.</summary>
    private ImmutableArray<ServerResponse> _external = [];

    private ILogger _logger = NullLogger.Instance;
    private IGrainTimer? _timer;
    private Task _look = Task.CompletedTask;
    private bool _lookAgain;
    private bool _knowsFleet;
    private bool _hasLooked;

    /// <summary>The least number of servers that a person has asked for; 0 for the one in the settings.</summary>
    private int _minimum;
    private ScalingState _scaling = ScalingState.Begin(settings.Server.Count);
    private ScalingDecision _decision = new(settings.Server.Count, settings.Server.Count, Panic: false, Urgent: false, Reason: "");

    private string Pool => this.GetPrimaryKeyString();

    private IBalancerGrain Balancer => GrainFactory.GetGrain<IBalancerGrain>(Pool);

    private int Maximum => FleetSpread.Maximum(_silos.Staying, settings.Server.MaxCount, settings.Server.MaxPerSilo);

    private int Minimum => FleetSpread.Minimum(Asked, _silos.Staying, settings.Server.MaxCount, settings.Server.MaxPerSilo);

    /// <summary>The least number of servers that a person or the settings ask for.</summary>
    private int Asked => _minimum > 0 ? _minimum : settings.Server.Count;

    private long NowMs => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _logger = loggers.CreateLogger(LogCategories.Controller(Pool));
        _minimum = memory.State.Minimum;
        if (memory.State.Desired > 0)
            _scaling = ScalingState.Begin(memory.State.Desired);
        // Any call activates the controller again after the loss of its silo (from the balancer, or an operator); this timer makes it take
        // over.
        _timer = this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(TimeSpan.Zero, Interval) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <summary>The call itself has activated the grain, whose timer looks at the fleet. Only a new silo needs a look at once.</summary>
    public Task EnsureStarted(string siloAddress)
    {
        _silos.Speaks(siloAddress);
        if (_hasLooked && !_silos.Has(siloAddress))
            _ = Look();
        return Task.CompletedTask;
    }

    public async Task<int> LeaveSilo(string siloAddress)
    {
        if (!await KnowFleet())
            return -1;
        if (_silos.Leave(siloAddress))
            Note($"silo {siloAddress} leaves");
        _ = Look();
        return _members.Values.Count(member => member.SiloAddress == siloAddress);
    }

    public Task Handle(ControllerRequest request)
    {
        _external = [.. request.Servers.Where(report => report.IsExternal)];
        foreach (var report in request.Servers)
            Learn(report);

        foreach (var id in request.Unreachable)
        {
            if (_members.TryGetValue(id, out var member))
                member.Doubt();
        }

        return request.Unreachable.Length > 0 || request.MeanQueue > settings.LoadBalancer.ServerScalingThreshold
            ? Look()
            : Task.CompletedTask;
    }

    public Task<FleetStatus> GetStatus() => Task.FromResult(new FleetStatus
    {
        Desired = _scaling.Desired,
        Wanted = Math.Max(_scaling.Desired, Wanted),
        Minimum = Minimum,
        Maximum = Maximum,
        Silos = _silos.Count,
        Panic = _decision.Panic,
        Servers = [.. _members.Values.Select(member => member.Report).OfType<ServerResponse>()],
        Events = _events.ToImmutable(),
        Notice = _notice,
        IsComplete = _hasLooked,
        External = _external,
    });

    public async Task<string?> AddServer()
    {
        if (!await KnowFleet() || Staying >= Maximum || Reserve(1) is not [var member])
            return null;

        // Before the start, so that no look takes the new server for one too many.
        _minimum = Minimum + 1;
        _scaling = _scaling.Resized(Math.Min(Maximum, _scaling.Desired + 1));
        Note($"server {member.Id} is added; at least {Minimum} from now on");
        await Start([member]);
        if (member.Report is null)
        {
            _minimum = Math.Max(1, _minimum - 1);
            _scaling = _scaling.Resized(Math.Max(1, _scaling.Desired - 1));
            Note($"server {member.Id} did not start; at least {Minimum} from now on", LogLevel.Warning);
        }

        await Remember();
        return member.Report is null ? null : member.Id;
    }

    public async Task<bool> DrainServer(string serverId)
    {
        if (!await KnowFleet())
            return false;
        var ready = _members.Values.Count(other => other.IsReady);
        if (!_members.TryGetValue(serverId, out var member) || !member.IsReady || ready < 2 || ready <= Math.Min(_silos.Staying, settings.Server.MaxCount))
            return false;
        _minimum = Math.Max(1, Minimum - 1);
        _scaling = _scaling.Resized(Math.Max(1, _scaling.Desired - 1));
        Note($"server {serverId} is drained on request; at least {Minimum} from now on");
        await Drain(member);
        _timer?.Change(UrgentInterval, Interval);
        await Remember();
        return true;
    }

    public async Task<bool> KillServer(string serverId)
    {
        if (!await KnowFleet() || !_members.TryGetValue(serverId, out var member))
            return false;
        Note($"server {serverId} is killed on request");
        await Kill(member);
        await SayEnded();
        _ = Look();
        return true;
    }
}
