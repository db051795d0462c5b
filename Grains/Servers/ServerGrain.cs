using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.ExternalServers;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Grains.Servers;

/// <summary>
/// A backend server as a grain. <see cref="Server"/> does the work; the grain takes the calls, owns the one timer, and sends what leaves
/// the server: responses to gateways and reports to the balancer.
/// </summary>
/// <remarks>
/// No call awaits anything, so calls never interleave. Every turn ends with <see cref="EndTurn"/>, which sends what the turn has produced.
/// <see cref="TrySubmit"/> is no grain call and runs outside the turns, under the server's lock alone.
/// </remarks>
[KeepAlive, SiloOfKeyPlacement]
internal sealed partial class ServerGrain : Grain, IServerGrain, IExternalServerGrain
{
    /// <summary>
    /// How long an activation stays after its server has ended. Calls of gateways that do not know of the end yet are rejected here, which
    /// proves that their requests have not run. Calls to an activation that is gone would fail, and the gateways could not tell.
    /// </summary>
    internal static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Least time between two looks at deadlines, and so the most by which an answer <c>expired</c> may be late. A timer for each request
    /// would cost more than the requests.
    /// </summary>
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(15);

    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly IncarnationClock _incarnations;
    private readonly SiloServers _siloServers;
    private readonly IServerEndpoints _endpoints;
    private readonly FinishedJobs _finished = new();
    private readonly Server _server;
    private readonly ServerReporter _reporter;
    private readonly ResponsePusher _pusher;
    private readonly SiloReports _siloReports;
    private readonly ExternalServerWatch? _external;
    private readonly string _pool;
    private readonly string _id;
    private readonly TimeSpan _drainTimeout;

    private IGrainTimer? _timer;
    private long _wakeAt = long.MaxValue;
    private long? _endedAt;
    private bool _deactivating;

    public ServerGrain(
        ShortlineSettings settings,
        Operations operations,
        ExternalForwarder forwarder,
        IServerReports reports,
        SiloReports siloReports,
        SiloServers siloServers,
        IServerEndpoints endpoints,
        IncarnationClock incarnations,
        ServerMetrics metrics,
        TimeProvider time,
        ILocalSiloDetails silo,
        ILoggerFactory loggers)
    {
        (_time, _incarnations, _siloServers, _endpoints) = (time, incarnations, siloServers, endpoints);
        (_pool, _id, var siloAddress) = ServerKey.Parse(this.GetPrimaryKeyString());

        // External servers choose their names, so a log file for each name could fill the disk.
        _logger = loggers.CreateLogger(ExternalServerId.IsOne(_id) ? LogCategories.ExternalServers : LogCategories.Server(_id));
        _drainTimeout = TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs);

        var external = ExternalServerId.IsOne(_id) ? new ExternalServer(settings.LoadBalancer.ExternalTimeoutMs, forwarder, time, _logger) : null;
        _server = new Server(_id, settings.Server, external?.Operations ?? operations, metrics, time, _finished);
        if (external is not null)
            _external = new ExternalServerWatch(_id, external, _server, incarnations, time, _logger, OnProbed);
        _pusher = new ResponsePusher(_id, _server, time, _logger);
        _siloReports = siloReports;
        _reporter = new ServerReporter(_pool, _id, _server, external, siloReports, reports, metrics, time, _logger)
        {
            Place = new ServerPlace(silo.Name, siloAddress),
        };
    }

    private bool HasEnded => _endedAt is not null;

    public Task<ServerResponse> Start(long after)
    {
        if (_server.Status == ServerStatus.Starting && MayStart())
        {
            lock (_server.Lock)
                _server.Start(_incarnations.Next(after));
            _timer = this.RegisterGrainTimer(
                static (grain, _) => grain.OnTimer(), this, new GrainTimerCreationOptions(Never, Never) { Interleave = true });
            if (_external is null)
                OpenToClients();
            _siloReports.Add(_reporter);
            _ = CollectFinishedJobs();
            LogStarted(_logger, _id, _reporter.Place.Silo, _reporter.Place.Port);
            _external?.Begin();
            if (_external is null)
                _siloServers.Open(_pool, _id, this);
        }

        return EndTurnWithReport();
    }

    public ValueTask<BatchReceipt> Submit(RequestBatch batch, IGatewayObserver replyTo)
    {
        BatchReceipt receipt;
        lock (_server.Lock)
            receipt = _server.Submit(batch, replyTo);
        EndTurn();
        return new(receipt);
    }

    /// <summary>See <see cref="ILocalServers.TrySubmit"/>. Safe from any thread.</summary>
    public bool TrySubmit(in RequestBatch batch, IGatewayObserver replyTo, ReceiptMemory memory, out BatchReceipt receipt)
    {
        bool needsTurn;
        if (!_server.Lock.TryEnter())
        {
            receipt = default;
            return false;
        }

        try
        {
            receipt = _server.Submit(batch, replyTo, memory);
            _reporter.RequestIfChanged();
            needsTurn = NextWake < _wakeAt;
        }
        finally
        {
            _server.Lock.Exit();
        }

        if (needsTurn)
            _finished.RequestTurn();
        return true;
    }

    /// <summary>See <see cref="ISiloServersGrain.GetReports"/>. Safe from any thread.</summary>
    public bool TryReport([NotNullWhen(true)] out ServerResponse? report) => _reporter.TryTake(out report);

    public Task<ServerResponse> Drain()
    {
        lock (_server.Lock)
            _server.Drain();
        return EndTurnWithReport();
    }

    public Task Share(int keep)
    {
        lock (_server.Lock)
            _server.Share(keep);
        EndTurn();
        return Task.CompletedTask;
    }

    public Task Kill()
    {
        lock (_server.Lock)
            _server.Abandon();
        LogKilled(_logger, _id);
        End();
        return Task.CompletedTask;
    }

    public Task<ServerResponse> GetStatus() => EndTurnWithReport();

    public Task<ServerResponse> TakeReport(ExternalReport report, long after)
    {
        if (_external is null || HasEnded || _deactivating || !_external.TryTake(report))
            return EndTurnWithReport();

        if (_server.Status == ServerStatus.Starting)
            return report.Status == ExternalStatus.Ready ? Start(after) : EndTurnWithReport();

        lock (_server.Lock)
            _external.Apply(report, after);
        return EndTurnWithReport();
    }

    /// <summary>
    /// Rejects what waits at once, so that gateways can send it elsewhere, and gives the requests in service the drain timeout, or what the
    /// silo leaves of it. Those that are left then stay unanswered: they may have run, and only the gateway knows whether they may run
    /// again.
    /// </summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _deactivating = true;
        if (_server.Status is ServerStatus.Ready or ServerStatus.Draining)
        {
            lock (_server.Lock)
                _server.GiveBack();
            EndTurn();
            await FinishInService(cancellationToken);
        }

        if (!HasEnded)
        {
            lock (_server.Lock)
                _server.Abandon();
            End();
        }
    }

    /// <summary>Orleans has stopped the timer before the deactivation, so this loop keeps the deadlines.</summary>
    private async Task FinishInService(CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        while (!_server.IsIdle && !cancellationToken.IsCancellationRequested && _time.GetElapsedTime(begun) < _drainTimeout)
        {
            await Task.Delay(TickPeriod, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            lock (_server.Lock)
                _server.Tick();
            EndTurn();
        }
    }

    /// <summary>An external server starts with its first report, another one unless its silo leaves.</summary>
    private bool MayStart() => _external is null ? _siloServers.TryAdd(_pool, _id, this) : _external.HasReport;

    /// <summary>
    /// Opens the server's own port. An external server has none: clients cannot talk to it through this silo.
    /// </summary>
    private void OpenToClients()
    {
        var (host, port) = _endpoints.Open(_pool, _id, _server.Incarnation, ReportClients);
        _reporter.Place = _reporter.Place with { Host = host, Port = port };
    }

    /// <summary>Called from any thread, also while the server ends: then nobody waits for its reports any more.</summary>
    private void ReportClients()
    {
        lock (_server.Lock)
        {
            if (HasEnded)
                return;
            _server.RestingClients = _endpoints.RestingClients(_id, _server.Incarnation);
            _server.Tally.Changed();
            _reporter.RequestIfChanged();
        }
    }

    private async Task CollectFinishedJobs()
    {
        while (await _finished.NextTurn() && _finished.BeginTurn())
        {
            try
            {
                lock (_server.Lock)
                    _server.Collect();
                EndTurn();
            }
            catch (Exception failure)
            {
                // The next turn goes on with the other jobs. Without this, the server would never answer again.
                LogTurnFailed(_logger, failure, _id);
            }
        }
    }

    private Task OnTimer()
    {
        if (_endedAt is { } endedAt)
        {
            // This tick may have been due before the end.
            var lingered = _time.GetElapsedTime(endedAt);
            if (lingered < Linger)
                _timer!.Change(Linger - lingered, Never);
            else
                DeactivateOnIdle();
            return Task.CompletedTask;
        }

        lock (_server.Lock)
        {
            _wakeAt = long.MaxValue;
            if (_server.NextTick <= _time.GetTimestamp())
                _server.Tick();
        }

        CheckExternal();
        EndTurn();
        return Task.CompletedTask;
    }

    private void OnProbed()
    {
        if (HasEnded || _deactivating)
            return;

        CheckExternal();
        EndTurn();
    }

    private void CheckExternal()
    {
        if (_deactivating || _external is null)
            return;
        lock (_server.Lock)
            _external.Check();
    }

    /// <summary>Pushes responses, reports what has changed, and sets the timer for the next deadline.</summary>
    private void EndTurn()
    {
        _pusher.PushAll();
        if (_server.Incarnation == 0 || HasEnded)
        {
            End();
            return;
        }

        _reporter.ReportStatusOrRequest();
        if (_server.Status == ServerStatus.Stopped)
            End();
        else if (!_deactivating)
            SetTimer();
    }

    private Task<ServerResponse> EndTurnWithReport()
    {
        EndTurn();
        return Task.FromResult(_reporter.Report());
    }

    /// <summary>The timestamp at which the timer has something to do.</summary>
    private long NextWake => Math.Min(_server.NextTick, _external?.NextCheck ?? long.MaxValue);

    private void SetTimer()
    {
        long next;
        lock (_server.Lock)
        {
            next = NextWake;
            if (next >= _wakeAt)
                return;
            _wakeAt = next;
        }

        var due = _time.GetElapsedTime(_time.GetTimestamp(), next);
        _timer!.Change(due > TickPeriod ? due : TickPeriod, Never);
    }

    /// <summary>Ends the server. The activation stays for <see cref="Linger"/> if the server was ever started.</summary>
    private void End()
    {
        if (_timer is null)
        {
            // The server was never started, so only mistaken calls reach it.
            if (!_deactivating)
                DeactivateOnIdle();
        }
        else if (!HasEnded)
        {
            _endedAt = _time.GetTimestamp();
            _siloServers.Remove(_pool, _id, this);
            _endpoints.Close(_pool, _id, _server.Incarnation);
            _finished.Close();
            _reporter.End();
            if (!_deactivating)
                _timer.Change(Linger, Never);
        }
    }
}
