using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Grains.Servers;

/// <summary>
/// One backend server, without its grain: admission, queue, workers, answers. Whoever uses it holds its <see cref="Lock"/>: turns of its
/// grain, and gateways of the same process that hand requests over directly. The grain ends each of its turns by pushing the responses that
/// <see cref="Gateways"/> hold. Only the handlers of jobs run without the lock; their jobs come back through <see cref="FinishedJobs"/>.
/// </summary>
/// <remarks>
/// A request is refused at once, or runs at once if its handler runs inline and a worker is free, or is copied into a <see cref="Job"/>. A
/// job waits, gets a worker, and is answered when its handler returns or its deadline passes, whichever comes first.
/// </remarks>
internal sealed class Server
{
    /// <summary>A gateway without a request here is forgotten after this many seconds of silence.</summary>
    private const int IdleGatewaySeconds = 60;

    private readonly string _id;
    private readonly int _queueLimit;
    private readonly TimeProvider _time;
    private readonly ServerLife _life;
    private readonly ServerAnswers _answers;
    private readonly ServerJobs _jobs;
    private readonly RequestAdmission _admission;

    private long _sequence;
    private int _queuedElsewhere;

    /// <summary>Makes a server that accepts nothing before <see cref="Start"/>.</summary>
    /// <param name="id">Its id within the pool.</param>
    /// <param name="settings">The settings of all servers.</param>
    /// <param name="operations">The operations that it knows.</param>
    /// <param name="metrics">The metrics of the silo's servers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="finished">Jobs whose handlers have returned.</param>
    public Server(string id, ServerSettings settings, Operations operations, ServerMetrics metrics, TimeProvider time, FinishedJobs finished)
    {
        (_id, _queueLimit, _time) = (id, settings.QueueLimit, time);
        Tally = new ServerTally(time, metrics);
        _life = new ServerLife(id, settings, time);
        _answers = new ServerAnswers(Tally);
        _jobs = new ServerJobs(id, settings, time, finished, _answers, Tally);
        _admission = new RequestAdmission(id, operations, time, _life, _jobs, Tally);
    }

    /// <summary>Protects the server. A handler that runs inline holds it, so whoever must not block asks with <c>TryEnter</c>.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The server's status.</summary>
    public ServerStatus Status => _life.Status;

    /// <summary>The number of this activation: a later one has a larger number; 0 before the start.</summary>
    public long Incarnation => _life.Incarnation;

    /// <summary>Requests that wait, those at an external server included.</summary>
    public int QueueLength => _jobs.Waiting + _queuedElsewhere;

    /// <summary>Requests in service.</summary>
    public int InService => _jobs.InService;

    /// <summary>Whether every accepted request has its answer, or will never get one.</summary>
    public bool IsIdle => _answers.Outstanding == 0;

    /// <summary>The counters that reports show.</summary>
    public ServerTally Tally { get; }

    /// <summary>Clients that are connected to its own port and have no request there.</summary>
    public int RestingClients { get; set; }

    /// <summary>The gateways that send to this server, each with the responses that are to be pushed to it.</summary>
    public GatewayOutboxes Gateways => _answers.Gateways;

    /// <summary>The timestamp at which <see cref="Tick"/> has work to do; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextTick => Math.Min(_jobs.NextDeadline, Status == ServerStatus.Draining && !IsIdle ? _life.DrainDeadline : long.MaxValue);

    /// <summary>Makes a server that is not started yet accept work.</summary>
    /// <param name="incarnation">Larger than that of any earlier activation of this id.</param>
    public void Start(long incarnation) => _life.Start(incarnation);

    /// <summary>See <see cref="IServerGrain.Submit"/>.</summary>
    /// <param name="batch">The requests.</param>
    /// <param name="replyTo">The receiver of responses that are not complete yet.</param>
    /// <param name="memory">The memory of the receipt; null for fresh memory.</param>
    public BatchReceipt Submit(in RequestBatch batch, IGatewayObserver replyTo, ReceiptMemory? memory = null)
    {
        var now = BeginTurn();
        var gateway = Gateways.Of(batch.GatewayId, replyTo, now);
        return new BatchReceipt { Done = Seal(_admission.Submit(batch, gateway, now), gateway, memory), KeepsBatch = _admission.KeepsBatch };
    }

    /// <summary>Refuses new requests and finishes the accepted ones. Those that still wait at the drain timeout are rejected.</summary>
    public void Drain()
    {
        BeginTurn();
        if (_life.TryDrain())
            Dispatch();
    }

    /// <summary>Rejects the requests that came last, until <paramref name="keep"/> wait: other servers have shorter queues.</summary>
    public void Share(int keep)
    {
        BeginTurn();
        _jobs.RejectLast(keep);
    }

    /// <summary>Drains, but rejects the waiting requests at once, so that gateways can send them elsewhere.</summary>
    public void GiveBack()
    {
        Drain();
        _jobs.RejectWaiting();
        Dispatch();
    }

    /// <summary>Ends the server as a crash would: what waits or is in service is never answered.</summary>
    public void Abandon()
    {
        _life.Stop();
        _jobs.Abandon();
    }

    /// <summary>Answers the jobs whose handlers have returned, and gives waiting jobs to the workers that are free now.</summary>
    public void Collect()
    {
        BeginTurn();
        _jobs.Collect();
        Dispatch();
    }

    /// <summary>Answers expired requests, and fails the server if all its workers hang.</summary>
    public void Tick()
    {
        var now = BeginTurn();
        _jobs.Expire(now);
        if (_jobs.AllWorkersHang)
            _life.Fail();

        if (_jobs.AllWorkersHang || (Status == ServerStatus.Draining && now >= _life.DrainDeadline))
            _jobs.RejectWaiting();

        Dispatch();
    }

    /// <summary>Applies what an external server reports.</summary>
    /// <param name="concurrency">Requests that it works on at once.</param>
    /// <param name="weight">Its share of work relative to other servers.</param>
    /// <param name="queuedElsewhere">Requests that wait there and did not come through this server.</param>
    public void Adjust(int concurrency, int weight, int queuedElsewhere)
    {
        BeginTurn();
        _jobs.Resize(concurrency);
        (_life.Weight, _queuedElsewhere) = (weight, queuedElsewhere);
        Tally.Changed();
        Dispatch();
    }

    /// <summary>The external server cannot be reached: refuses new requests and rejects the waiting ones.</summary>
    public void Suspend()
    {
        if (!_life.Fail())
            return;

        BeginTurn();
        _queuedElsewhere = 0;
        _jobs.RejectWaiting();
    }

    /// <summary>
    /// Gives up the requests in service: this server never answers them. Gateways see it by the new incarnation, and send those requests to
    /// other servers where that is safe.
    /// </summary>
    /// <param name="incarnation">Larger than the present one.</param>
    public void LoseInService(long incarnation)
    {
        _jobs.LoseInService();
        _life.Renew(incarnation);
        Tally.Changed();
    }

    /// <summary>The external server can be reached again. Gateways treat it as a new server and warm it up.</summary>
    /// <param name="incarnation">Larger than the present one.</param>
    public void Resume(long incarnation)
    {
        if (!_life.Resume(incarnation))
            return;

        Tally.Changed();
        Dispatch();
    }

    /// <summary>Forgets the gateways that have been idle for a minute.</summary>
    public void ForgetIdleGateways() => Gateways.Forget(before: _time.GetTimestamp() - IdleGatewaySeconds * _time.TimestampFrequency);

    /// <summary>Makes a report of the server as it is now.</summary>
    /// <param name="place">The server's silo and endpoint.</param>
    public ServerResponse Report(ServerPlace place)
    {
        BeginTurn();
        return new()
        {
            Identity = _id,
            Incarnation = Incarnation,
            Sequence = ++_sequence,
            Status = Status,
            QueueLength = QueueLength,
            InService = InService,
            Concurrency = _jobs.Workers,
            QueueLimit = _queueLimit,
            Completed = Tally.Completed,
            Errors = Tally.Errors,
            Expired = Tally.Expired,
            Rejected = Tally.Rejected,
            Refused = Tally.Refused,
            ServiceTimeMs = Tally.ServiceTimeMs,
            HungWorkers = _jobs.HungWorkers,
            ReadyForMs = _life.ReadyForMs,
            Silo = place.Silo,
            SiloAddress = place.SiloAddress,
            Host = place.Host,
            Port = place.Port,
            Weight = _life.Weight,
            RestingClients = RestingClients,
            PresenceMs = Tally.Presence * 1000 / _time.TimestampFrequency,
        };
    }

    /// <summary>Makes a batch of responses, stamped with the server's present queue.</summary>
    /// <param name="responses">The responses.</param>
    /// <param name="gateway">The gateway that gets them.</param>
    /// <param name="memory">The memory of the batch; null for fresh memory.</param>
    public ResponseBatch Seal(ResponseBuffer responses, GatewayOutbox gateway, ReceiptMemory? memory = null)
    {
        var (taken, bytes) = responses.Take(memory);
        return new ResponseBatch
        {
            ServerId = _id,
            Incarnation = Incarnation,
            Sequence = ++_sequence,
            QueueLength = QueueLength,
            InService = InService,
            OfThisGateway = gateway.Pending,
            Responses = taken,
            Bytes = bytes,
        };
    }

    /// <summary>Counts what has been here since the last turn, whose requests may change in this one.</summary>
    /// <returns>The current timestamp.</returns>
    private long BeginTurn()
    {
        var now = _time.GetTimestamp();
        Tally.Advance(_jobs.Waiting + _jobs.InService, now);
        return now;
    }

    private void Dispatch()
    {
        _jobs.Dispatch();
        if (Status == ServerStatus.Draining && IsIdle)
            _life.Stop();
    }
}

/// <summary>Where a server is.</summary>
/// <param name="Silo">The name of its silo.</param>
/// <param name="SiloAddress">The text of the silo's <c>SiloAddress</c>, which names one run of it.</param>
/// <param name="Host">The address of the server's own endpoint; empty if it has none.</param>
/// <param name="Port">The port of the server's own endpoint; 0 if it has none.</param>
internal sealed record ServerPlace(string Silo, string SiloAddress, string Host = "", int Port = 0);
