using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces;
using Shortline.Hosting;

namespace Shortline.Grains;

/// <summary>
/// A backend server as a grain. The work is <see cref="Server"/>'s; here are its calls, its one timer, and what leaves it: responses to
/// gateways, reports to the balancer.
/// </summary>
/// <remarks>
/// No call awaits anything, so calls never interleave. Whatever a turn does, it ends with <see cref="EndTurn"/>.
/// </remarks>
[KeepAlive, SiloOfKeyPlacement]
internal sealed partial class ServerGrain : Grain, IServerGrain, IExternalServerGrain
{
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly IncarnationClock _incarnations;
    private readonly IServerReports _reports;
    private readonly SiloServers _siloServers;
    private readonly ServerMetrics _metrics;
    private readonly ReportSchedule _schedule;
    private readonly FinishedJobs _finished = new();
    private readonly Server _server;
    private readonly string _pool;
    private readonly string _id;
    private readonly IServerEndpoints _endpoints;
    private readonly long _idleGatewayAfter;
    private readonly TimeSpan _drainTimeout;

    private ServerPlace _place;
    private IGrainTimer? _timer;

    public ServerGrain(
        ShortlineSettings settings,
        Operations operations,
        ExternalForwarder forwarder,
        IServerReports reports,
        SiloServers siloServers,
        IServerEndpoints endpoints,
        IncarnationClock incarnations,
        ServerMetrics metrics,
        TimeProvider time,
        ILocalSiloDetails silo,
        ILoggerFactory loggers)
    {
        (_time, _incarnations, _reports, _siloServers, _endpoints, _metrics) = (time, incarnations, reports, siloServers, endpoints, metrics);
        (_pool, _id, var siloAddress) = ServerKey.Parse(this.GetPrimaryKeyString());
        _logger = loggers.CreateLogger(LogCategories.Server(_id));
        _place = new ServerPlace(silo.Name, siloAddress);
        if (ExternalServerId.IsOne(_id))
        {
            _external = new ExternalServer(settings.LoadBalancer.ExternalTimeoutMs, forwarder, time, _logger);
            operations = _external.Operations;
        }

        _server = new Server(_id, settings.Server, operations, metrics, time, _finished);
        _idleGatewayAfter = IdleGatewaySeconds * time.TimestampFrequency;
        _drainTimeout = TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs);
        _schedule = new ReportSchedule(
            settings.LoadBalancer.ServerScalingThreshold,
            soon: time.TimestampFrequency / 10,
            pause: time.TimestampFrequency / 100,
            heartbeat: (long)(settings.Server.QueueUpdateInterval * time.TimestampFrequency));
    }

    public Task<ServerResponse> Start(long after)
    {
        if (_server.Status == ServerStatus.Starting && _external is not { Program: null })
        {
            _server.Start(_incarnations.Next(after));
            _timer = this.RegisterGrainTimer(
                static (grain, _) => grain.OnTimer(), this, new GrainTimerCreationOptions(Never, Never) { Interleave = true });
            if (_external is null)
                OpenToAll();
            _ = CollectFinishedJobs();
            LogStarted(_logger, _id, _place.Silo, _place.Port);
            BeginExternal();
        }

        return EndTurnWithReport();
    }

    public ValueTask<BatchReceipt> Submit(RequestBatch batch, IGatewayObserver replyTo)
    {
        var receipt = _server.Submit(batch, replyTo);
        EndTurn();
        return new(receipt);
    }

    public Task<ServerResponse> Drain()
    {
        _server.Drain();
        return EndTurnWithReport();
    }

    public Task Share(int keep)
    {
        _server.Share(keep);
        EndTurn();
        return Task.CompletedTask;
    }

    public Task Kill()
    {
        _server.Abandon();
        LogKilled(_logger, _id);
        End();
        return Task.CompletedTask;
    }

    public Task<ServerResponse> GetStatus() => EndTurnWithReport();

    /// <summary>Its silo knows it, and clients may talk to it directly; not to one whose work is done elsewhere.</summary>
    private void OpenToAll()
    {
        _siloServers.Add(_pool, _id, this);
        var (host, port) = _endpoints.Open(_pool, _id, _server.Incarnation);
        _place = _place with { Host = host, Port = port };
    }

    private Task<ServerResponse> EndTurnWithReport()
    {
        EndTurn();
        return Task.FromResult(Report());
    }

    private async Task CollectFinishedJobs()
    {
        while (await _finished.NextTurn() && _finished.BeginTurn())
        {
            _server.Collect();
            EndTurn();
        }
    }
}
