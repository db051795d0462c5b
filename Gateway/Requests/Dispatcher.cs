using Microsoft.Extensions.Logging;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Recovery;
using Shortline.Gateway.Udp;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Logs;

namespace Shortline.Gateway.Requests;

/// <summary>
/// The core of a gateway. It leads requests and responses to the parts that own their state: a <see cref="RequestShard"/> owns requests, the
/// <see cref="ServerFleet"/> owns the servers with the choice among them, <see cref="ServerRecovery"/> watches over servers.
/// </summary>
/// <remarks>
/// Each shard has a lock, and the fleet has one, which may be taken while a shard's lock is held but not the other way round. They are held for
/// less than a microsecond, and never during a system call or a grain call: these are collected in an <see cref="Outgoing"/>. In steady state
/// nothing is allocated.
/// </remarks>
internal sealed partial class Dispatcher : IDisposable
{
    /// <summary>The maximum number of datagrams sent by one system call.</summary>
    public const int SendBatch = 64;

    /// <summary>Messages of one kind are logged at most once in this time. The next one tells how many were suppressed.</summary>
    public static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private readonly Clock _clock;
    private readonly RequestShard[] _shards;
    private readonly ServerFleet _fleet;
    private readonly GatewayCounters _fleetCounters = new();
    private readonly ServerRecovery _recovery;
    private readonly Locations _locations;
    private readonly OutgoingPool _outgoing;
    private readonly GrainCalls _calls;
    private readonly LocalWork? _local;
    private readonly OwnAddresses? _own;
    private readonly AddressTokens _tokens;
    private readonly ILogger _log;
    private readonly RateLimitedLog<string> _failureLog;
    private readonly RateLimitedLog<string> _goneLog;
    private volatile bool _stopping;

    /// <summary>Creates a dispatcher.</summary>
    /// <param name="parts">The dependencies.</param>
    /// <param name="transport">The transport for answers to datagrams; null if requests come only from connections.</param>
    public Dispatcher(DispatcherParts parts, IUdpTransport? transport)
    {
        GatewayId = parts.GatewayId;
        _log = parts.Log;
        _failureLog = new RateLimitedLog<string>(parts.Time, LogInterval);
        _goneLog = new RateLimitedLog<string>(parts.Time, LogInterval);
        _clock = new Clock(parts.Time);
        _own = transport is null ? null : new OwnAddresses(transport.LocalEndPoint, parts.Time);
        _tokens = new AddressTokens(parts.Time);
        _calls = new GrainCalls(this, parts);
        _local = parts.LocalServers is null ? null : new LocalWork(this, parts.LocalServers, _calls, _clock);
        _outgoing = new OutgoingPool(transport, parts.Connections, SendBatch, Settle, _local);
        _fleet = new ServerFleet(parts, _clock);
        _recovery = new ServerRecovery(parts, _fleet, _calls, _clock, _fleetCounters);
        var assignments = new Assignments(_fleet, parts.Settings, _clock, _fleetCounters, parts.IsOfOneServer, parts.Log);
        _locations = new Locations(_fleet, assignments, _clock);
        _shards = new RequestShard[parts.Shards];
        for (var i = 0; i < _shards.Length; i++)
            _shards[i] = new RequestShard(parts, assignments, _tokens, _clock, i, _shards.Length);
    }

    public string GatewayId { get; }

    /// <summary>The counters of all parts, as they are now.</summary>
    public GatewayCounters Counters
    {
        get
        {
            var sum = new GatewayCounters();
            foreach (var shard in _shards)
                sum.Add(shard.Counters);
            sum.Add(_fleetCounters);
            return sum;
        }
    }

    /// <summary>The number of requests in flight.</summary>
    public int InFlight => _shards.Sum(shard => shard.InFlight);

    /// <summary>The number of requests, and of those that ended a moment ago, that wait for a server.</summary>
    internal int Waiting => _shards.Sum(shard => shard.Waiting);

    public int ReadyServers => _fleet.Choice.ReadyCount;

    /// <summary>Whether this thread holds a lock, in which case it must not make system calls or grain calls.</summary>
    internal bool HoldsLock => _fleet.Lock.IsHeldByCurrentThread || Array.Exists(_shards, shard => shard.Lock.IsHeldByCurrentThread);

    /// <summary>Returns one for a thread that keeps it until it ends. Other threads take theirs for a moment.</summary>
    public Outgoing RentOutgoing() => _outgoing.Rent();

    /// <summary>Takes one back.</summary>
    public void ReturnOutgoing(Outgoing outgoing) => _outgoing.Return(outgoing);

    /// <summary>Makes a run for a thread that receives; null if there are no servers in this process.</summary>
    public LocalRun? CreateLocalRun() => _local?.CreateRun();

    /// <summary>Accepts a batch of requests.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="count">Their number.</param>
    /// <param name="outgoing">Collects what follows.</param>
    /// <param name="here">Makes the calls to servers of this process on this thread; null for the thread pool.</param>
    public void OnRequests(IRequestBatch requests, int count, Outgoing outgoing, LocalRun? here = null)
    {
        var now = _clock.Now;
        Span<byte> keyRoom = stackalloc byte[RequestKey.MaxLength];
        for (var i = 0; i < count; i++)
        {
            var request = ArrivedRequest.Read(requests.Request(i), requests.Truncated(i), requests.Peer(i), _tokens, keyRoom);
            request.IsOwn = requests.AreOwn;
            Accept(request, now, outgoing);
        }

        if (here is not null)
            outgoing.CallHere(here);
        outgoing.Finish();
    }

    /// <summary>Accepts a batch of requests from a thread without an <see cref="Outgoing"/>.</summary>
    public void OnRequests(IRequestBatch requests, int count)
    {
        var outgoing = _outgoing.Rent();
        OnRequests(requests, count, outgoing);
        _outgoing.Return(outgoing);
    }

    /// <summary>Accepts responses that a server pushes.</summary>
    public void OnResponses(in ResponseBatch batch)
    {
        var outgoing = _outgoing.Rent();
        OnResponses(batch, outgoing);
        Finish(outgoing);
    }

    /// <summary>Accepts responses that a server pushes, with the <see cref="Outgoing"/> of the caller, who finishes it.</summary>
    public void OnResponses(in ResponseBatch batch, Outgoing outgoing)
    {
        var now = _clock.Now;
        if (_recovery.OnPushed(batch, now, outgoing) is { } server)
            SettleAll(server, batch, now, outgoing);
        else
            _shards[0].CountLate(batch.Responses.Length);
    }

    /// <summary>Applies a ranking.</summary>
    public void OnRanking(ServerRanking ranking)
    {
        var outgoing = _outgoing.Rent();
        _recovery.OnRanking(ranking, _clock.Now, outgoing);
        Finish(outgoing);
    }

    /// <summary>Checks deadlines and servers that do not respond. Called every few milliseconds.</summary>
    public void Sweep()
    {
        var now = _clock.Now;
        var outgoing = _outgoing.Rent();
        if (!_recovery.WasPaused(now))
        {
            foreach (var shard in _shards)
                shard.Expire(now, outgoing);

            // Each step finds the servers as the one before has left them.
            _recovery.FindHungCalls(now, outgoing);
            Settle(outgoing);
            _recovery.FindLostCalls(outgoing);
            Settle(outgoing);
            _recovery.FindStalled(now, outgoing);
            Settle(outgoing);
            _recovery.FindLeft(now, outgoing);
        }

        Finish(outgoing);
        _local?.Look();
    }

    /// <summary>
    /// Creates the report for the balancer. It contains each unreachable server once, unless <see cref="NotReported"/> is called.
    /// </summary>
    public GatewayReport Report()
    {
        lock (_fleet.Lock)
        {
            return new GatewayReport
            {
                GatewayId = GatewayId,
                InFlight = InFlight,
                Received = _shards.Sum(shard => shard.Counters.Received),
                Unreachable = [.. _fleet.TakeUnreachable()],
                RankingVersion = _fleet.Version,
            };
        }
    }

    /// <summary>Returns a report that did not reach the balancer. The next report repeats its unreachable servers.</summary>
    public void NotReported(GatewayReport report)
    {
        lock (_fleet.Lock)
            _fleet.AddUnreachable(report.Unreachable);
    }

    /// <summary>
    /// Returns the location of the server that would get the next request, for a client of the text protocol: see <see cref="Locations"/>.
    /// </summary>
    public ReadOnlySpan<byte> Locate(ulong key) => _locations.Locate(key);

    /// <summary>Rejects new requests from now on. Requests in flight continue.</summary>
    public void StopAccepting()
    {
        _stopping = true;
        foreach (var shard in _shards)
            shard.StopAccepting();
    }

    /// <summary>Begins the next call of a sender.</summary>
    /// <returns>Whether there is one to make.</returns>
    public bool TryBeginCall(BatchSender sender)
    {
        var now = _clock.Now;
        lock (_fleet.Lock)
        {
            if (!sender.TryBegin(now, _clock))
                return false;
            _fleetCounters.Calls++;
            return true;
        }
    }

    /// <summary>Handles a call that has returned.</summary>
    public void OnReceipt(BatchSender sender, in BatchReceipt receipt)
    {
        var outgoing = _outgoing.Rent();
        OnReceipt(sender, receipt, outgoing);
        Finish(outgoing);
    }

    /// <summary>Handles a call that has returned, with the <see cref="Outgoing"/> of the caller, who finishes it.</summary>
    public void OnReceipt(BatchSender sender, in BatchReceipt receipt, Outgoing outgoing)
    {
        var now = _clock.Now;
        _recovery.OnReturned(sender, receipt, now, outgoing);
        SettleAll(sender.Destination, receipt.Done, now, outgoing);
    }

    /// <summary>Handles a call whose server has the requests and whose responses come later.</summary>
    public void OnAccepted(BatchSender sender) => _recovery.OnAccepted(sender);

    /// <summary>Handles an abandoned call that did not reach its server.</summary>
    public void OnRefused(BatchSender sender)
    {
        var outgoing = _outgoing.Rent();
        _recovery.OnRefused(sender, outgoing);
        Finish(outgoing);
    }

    /// <summary>Notes that a call to a silo has begun or ended.</summary>
    public void SetCalling(SiloCalls silo, bool isCalling)
    {
        lock (_fleet.Lock)
            silo.IsCalling = isCalling;
    }

    /// <summary>Handles a call that has failed. It must not throw, because nobody would make the calls of the sender any more.</summary>
    public void OnCallFailed(BatchSender sender, Exception failure) => OnCallsFailed([sender], failure);

    /// <summary>Handles calls to servers of one silo that have failed for the same reason.</summary>
    public void OnCallsFailed(ReadOnlySpan<BatchSender> senders, Exception failure)
    {
        try
        {
            var outgoing = _outgoing.Rent();
            var server = _recovery.OnCallsFailed(senders, failure, _stopping, _clock.Now, outgoing);
            Finish(outgoing);
            if (server is not null && _failureLog.TryPass(server.Id, out var suppressed))
                Log.CallFailed(_log, server.Id, failure.Message.TrimEnd('.'), suppressed);
        }
        catch (Exception fault)
        {
            Log.CallsGoOn(_log, fault, senders.Length > 0 ? senders[0].Destination.Id : "");
        }
    }

    /// <summary>Whether requests for the server have come during a call, so that another call is needed.</summary>
    public bool MustCallAgain(BatchSender sender)
    {
        lock (_fleet.Lock)
            return sender.MustGoOn();
    }

    /// <summary>Logs a fault of this program after which it goes on.</summary>
    public void LogFault(Exception fault) => Log.CallsGoOn(_log, fault, "");

    /// <summary>Closes links to silos, and releases the socket and the memory for answers. Responses that come later are settled, but nothing is sent.</summary>
    public void Dispose()
    {
        lock (_fleet.Lock)
            _calls.Close();
        foreach (var shard in _shards)
            shard.ReleaseMemory();
        _outgoing.Dispose();
    }

    private void Accept(in ArrivedRequest request, long now, Outgoing outgoing)
    {
        var shard = _shards[request.Hash & (_shards.Length - 1)];
        if (request.Peer.Port == 0)
            shard.CountUnanswerable();
        else if (IsReflected(request))
            shard.CountReflected();
        else if (Locations.Answers(request))
            shard.AnswerLocation(_locations, request, now, outgoing);
        else if (request.Reason != Protocol.Requests.InvalidReason.None)
            shard.OnInvalid(request, outgoing);
        else
            shard.Admit(request, now, outgoing);
    }

    /// <summary>
    /// Whether an answer would come back to this gateway, or go to another one that answers it. Connections cannot be forged.
    /// </summary>
    private bool IsReflected(in ArrivedRequest request) =>
        !request.Peer.IsConnection && (request.View.IsAnswer || _own?.Contains(request.Peer) == true);

    private RequestShard ShardOf(long ticket) => _shards[PendingRequest.IndexOf(ticket) & (_shards.Length - 1)];

    /// <summary>Settles responses. A shard's lock is taken once for all responses in a row that are its own.</summary>
    private void SettleAll(Destination server, in ResponseBatch batch, long now, Outgoing outgoing)
    {
        var responses = batch.Responses.Span;
        for (var i = 0; i < responses.Length;)
        {
            var shard = ShardOf(responses[i].Ticket);
            lock (shard.Lock)
            {
                for (; i < responses.Length && ShardOf(responses[i].Ticket) == shard; i++)
                    shard.Settle(server, batch, responses[i], now, outgoing);
            }
        }
    }

    private void Finish(Outgoing outgoing)
    {
        outgoing.Finish();
        _outgoing.Return(outgoing);
    }

    /// <summary>Moves requests, forgets servers, wakes requests that wait, and starts probes.</summary>
    private void Settle(Outgoing outgoing)
    {
        if (!outgoing.NeedsSettling)
            return;

        var now = _clock.Now;
        MoveAll(outgoing, now);
        if (outgoing.Leaving.Count > 0)
        {
            _recovery.Forget(outgoing.Leaving);
            outgoing.Leaving.Clear();
        }

        if (outgoing.WakesWaiting)
        {
            outgoing.WakesWaiting = false;
            foreach (var shard in _shards)
                shard.AssignWaiting(now, outgoing);
        }

        foreach (var server in outgoing.Probes)
            _ = Probe(server);
        outgoing.Probes.Clear();
    }

    private void MoveAll(Outgoing outgoing, long now)
    {
        var (given, lost) = (0, 0);
        for (var i = 0; i < outgoing.Moves.Count; i++)
        {
            var move = outgoing.Moves[i];
            var outcome = ShardOf(move.Ticket).Move(move, now, outgoing);
            given += outcome == MoveOutcome.Moved ? 1 : 0;
            lost += outcome == MoveOutcome.Lost ? 1 : 0;
            if (i + 1 < outgoing.Moves.Count && outgoing.Moves[i + 1].From == move.From)
                continue;

            if (move.Rule.IsLogged && given + lost > 0 && _goneLog.TryPass(move.From.Id, out var suppressed))
                Log.Gone(_log, move.From.Id, given, lost, suppressed);
            (given, lost) = (0, 0);
        }

        outgoing.Moves.Clear();
    }

    private async Task Probe(Destination server)
    {
        var report = await _recovery.Probe(server).ConfigureAwait(false);
        try
        {
            var outgoing = _outgoing.Rent();
            _recovery.OnProbed(server, report, _clock.Now, outgoing);
            Finish(outgoing);
        }
        catch (Exception fault)
        {
            Log.CallsGoOn(_log, fault, server.Id);
        }
    }
}
