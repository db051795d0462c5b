using Microsoft.Extensions.Logging;
using Shortline.Balancing;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>
/// The core of the gateway: accepts requests, chooses servers, sends batches, matches responses and answers clients.
/// </summary>
/// <remarks>
/// One lock protects all state: the request table, the fleet and the outboxes. It is taken once per request and once per batch of responses,
/// for less than a microsecond, so that the threads that receive and those that settle responses hardly wait for each other. It is never held
/// during a system call or a grain call. These are collected in a <see cref="DispatchTurn"/> and made after the lock is released. In steady
/// state nothing is allocated.
/// </remarks>
internal sealed partial class Dispatcher : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LoadBalancerSettings _settings;
    private readonly Clock _clock;
    private readonly ServerFleet _fleet;
    private readonly RequestTable _requests;
    private readonly RetryBudget _retryBudget = new();
    private readonly DispatchTurns _turns;
    private readonly ILocalServers? _localServers;
    private readonly LocalWork? _local;
    private readonly Func<IGatewayObserver> _self;
    private readonly TcpConnections _connections;
    private readonly ILogger _log;
    private readonly RateLimitedLog<InvalidReason> _invalidLog;
    private readonly RateLimitedLog<string> _failureLog;
    private readonly RateLimitedLog<string> _stallLog;
    private readonly RateLimitedLog<string> _goneLog;
    private readonly Action? _serversUnreachable;
    private readonly List<ServerLink> _lost = [];
    private readonly List<ServerLink> _added = [];
    private readonly List<string> _unreachable = [];
    private readonly bool _isOfOneServer;
    private bool _stopping;

    /// <summary>Creates a dispatcher.</summary>
    /// <param name="parts">The dependencies.</param>
    /// <param name="transport">The transport for answers to datagrams; null if requests come only from connections.</param>
    public Dispatcher(DispatcherParts parts, IUdpTransport? transport)
    {
        _settings = parts.Settings;
        _clock = new Clock(parts.Time);
        _fleet = new ServerFleet(parts.Settings, _clock, parts.Random, parts.GrainOf, parts.SiloAddress, parts.LocalServers is not null);
        _requests = new RequestTable(_settings.InFlightLimit, _settings.DedupeLimit, _clock.Ticks(_settings.DedupeWindowMs));
        _localServers = parts.LocalServers;
        _local = _localServers is null ? null : new LocalWork(this, _clock);
        _turns = new DispatchTurns(transport, parts.Connections, SendBatch, _local);
        _connections = parts.Connections;
        _self = parts.Self;
        _isOfOneServer = parts.IsOfOneServer;
        _log = parts.Log;
        _invalidLog = new RateLimitedLog<InvalidReason>(parts.Time, LogInterval);
        _failureLog = new RateLimitedLog<string>(parts.Time, LogInterval);
        _stallLog = new RateLimitedLog<string>(parts.Time, LogInterval);
        _goneLog = new RateLimitedLog<string>(parts.Time, LogInterval);
        _serversUnreachable = parts.ServersUnreachable;
        GatewayId = parts.GatewayId;
        _sweptAt = _clock.Now;
    }

    /// <summary>The maximum number of datagrams sent by one system call.</summary>
    public const int SendBatch = 64;

    public string GatewayId { get; }

    public GatewayCounters Counters { get; } = new();

    /// <summary>The number of requests in flight.</summary>
    public int InFlight => _requests.Count;

    /// <summary>The number of requests, and of those that ended a moment ago, in the queue for a server.</summary>
    internal int Waiting => _waiting.Count;

    public int ReadyServers => _fleet.Choice.ReadyCount;

    /// <summary>Whether this thread holds the lock, in which case it must not make system calls or grain calls.</summary>
    internal bool HoldsLock => _lock.IsHeldByCurrentThread;

    /// <summary>
    /// Returns a turn for a thread that receives, which gives it back at its end with <see cref="ReturnTurn"/>. Other threads take theirs
    /// for a moment.
    /// </summary>
    public DispatchTurn RentTurn() => _turns.Get();

    /// <summary>Takes a turn back.</summary>
    public void ReturnTurn(DispatchTurn turn) => _turns.Return(turn);

    /// <summary>Accepts a batch of requests.</summary>
    /// <param name="here">Makes the calls to servers of this process on this thread; null for the thread pool.</param>
    public void OnRequests(IRequestBatch requests, int count, DispatchTurn turn, LocalRun? here = null)
    {
        var now = _clock.Now;
        for (var i = 0; i < count; i++)
            Accept(requests.Request(i), requests.Peer(i), requests.Truncated(i), now, turn);

        if (here is not null)
            turn.CallHere(here);
        turn.Finish();
    }

    /// <summary>Makes a run for a thread that receives; null if there are no servers in this process.</summary>
    public LocalRun? CreateLocalRun() => _local?.CreateRun();

    /// <summary>Accepts a batch of requests from a thread without a turn.</summary>
    public void OnRequests(IRequestBatch requests, int count)
    {
        var turn = _turns.Get();
        OnRequests(requests, count, turn);
        _turns.Return(turn);
    }

    /// <summary>Accepts responses that a server pushes.</summary>
    public void OnResponses(in ResponseBatch batch)
    {
        var turn = _turns.Get();
        OnResponses(batch, turn);
        turn.Finish();
        _turns.Return(turn);
    }

    /// <summary>Accepts responses that a server pushes, with the turn of the caller, which finishes it.</summary>
    public void OnResponses(in ResponseBatch batch, DispatchTurn turn)
    {
        var now = _clock.Now;
        lock (_lock)
        {
            if (_fleet.TryGet(batch.ServerId, batch.Incarnation, out var link))
            {
                OnIncarnation(link, batch.Incarnation, link.Lane.CalledAt is null ? long.MaxValue : link.Lane.Call, now, turn);
                Settle(link, batch, now, turn);
            }
            else
            {
                Counters.Late += batch.Responses.Length;
            }
        }
    }

    /// <summary>Applies a ranking.</summary>
    public void OnRanking(ServerRanking ranking)
    {
        var now = _clock.Now;
        var turn = _turns.Get();
        lock (_lock)
        {
            _lost.Clear();
            _added.Clear();
            _fleet.Apply(ranking, now, _lost, _added);
            foreach (var link in _added)
            {
                StartCalls(link, link.Lane);
            }

            foreach (var link in _lost)
            {
                OnLost(link, now, turn);
            }

            foreach (var link in _fleet.Watched)
            {
                if (link is { Unreachable: false, Outbox.Count: > 0 })
                    turn.Call(link);
            }

            DispatchWaiting(now, turn);
        }

        turn.Finish();
        _turns.Return(turn);
        StartProbes();
    }

    /// <summary>Checks deadlines and servers that do not respond. Called every few milliseconds.</summary>
    public void Sweep()
    {
        var now = _clock.Now;
        var turn = _turns.Get();
        lock (_lock)
        {
            if (!Overslept(now))
            {
                Expire(now, turn);
                EjectHung(now, turn);
                ResendLostCalls(now, turn);
                EjectStalled(now, turn);
                SettleLeft(now, turn);
                ForgetEndedWaiting();
                _requests.ForgetOldAnswers(now);
                CollectProbes(now);
                _fleet.PruneWatched();
            }
        }

        turn.Finish();
        _turns.Return(turn);
        StartProbes();
        _local?.Look();
    }

    /// <summary>
    /// Creates the report for the balancer. It contains each unreachable server once, unless <see cref="NotReported"/> is called.
    /// </summary>
    public GatewayReport Report()
    {
        lock (_lock)
        {
            var report = new GatewayReport
            {
                GatewayId = GatewayId,
                InFlight = _requests.Count,
                Received = Counters.Received,
                Unreachable = [.. _unreachable],
                RankingVersion = _fleet.Version,
            };
            _unreachable.Clear();
            return report;
        }
    }

    /// <summary>Returns a report that did not reach the balancer. The next report repeats its unreachable servers.</summary>
    public void NotReported(GatewayReport report)
    {
        lock (_lock)
        {
            _unreachable.AddRange(report.Unreachable.Except(_unreachable, StringComparer.Ordinal).ToList());
        }
    }

    /// <summary>Rejects new requests from now on. Requests in flight continue.</summary>
    public void StopAccepting()
    {
        lock (_lock)
        {
            _stopping = true;
        }
    }

    /// <summary>Releases the socket and the memory for answers. Responses that come later are settled, but nothing is sent.</summary>
    public void Dispose() => _turns.Dispose();
}
