using Shortline.Balancing;
using Shortline.GrainInterfaces;
using Shortline.Hosting;
using Shortline.Protocol;

namespace Shortline.Grains;

/// <summary>
/// One backend server without its grain: queue, workers, answers. Everything happens on the grain's turn, and the grain ends each turn by
/// pushing what <see cref="Gateways"/> hold; only the handlers of jobs run elsewhere, and come back through <see cref="FinishedJobs"/>.
/// </summary>
/// <remarks>
/// The life of a request: rejected, expired or invalid at once; or served at once, if its handler runs inline and a worker is free; or
/// copied into a <see cref="Job"/>, which waits, is given to a worker, and is answered when its handler returns or its deadline comes,
/// whichever is first.
/// </remarks>
internal sealed partial class Server
{
    /// <summary>Inline jobs taken from the queue in one turn at most, so that the grain's other calls get theirs.</summary>
    private const int InlineJobsPerTurn = 1024;

    private readonly string _id;
    private readonly ServerSettings _settings;
    private readonly Operations _operations;
    private readonly TimeProvider _time;
    private readonly FinishedJobs _finished;
    private readonly JobPool _jobs;
    private readonly DeadlineQueue<Job> _waiting;
    private readonly Workers _workers;
    private readonly ResponseBuffer _atOnce = new();
    private readonly List<Job> _expired = [];

    private long _sequence;
    private long _startedAt;
    private long _drainUntil;
    private int _weight = 1;
    private int _unanswered;
    private int _elsewhere;

    public Server(string id, ServerSettings settings, Operations operations, ServerMetrics metrics, TimeProvider time, FinishedJobs finished)
    {
        (_id, _settings, _operations, _time, _finished) = (id, settings, operations, time, finished);
        _jobs = new JobPool(finished, time, id);
        _waiting = new DeadlineQueue<Job>(settings.QueueLimit);
        _workers = new Workers(settings.Concurrency, TimestampUnits(settings.HungAfterMs));
        Tally = new ServerTally(time, metrics);
    }

    /// <summary>What the server is doing.</summary>
    public ServerStatus Status { get; private set; }

    /// <summary>Which activation it is: larger for a later one; 0 until started.</summary>
    public long Incarnation { get; private set; }

    /// <summary>Requests waiting.</summary>
    public int QueueLength => _waiting.Count + _elsewhere;

    /// <summary>Requests that a worker has.</summary>
    public int InService => _workers.Busy;

    /// <summary>Whether no request is left that will be answered.</summary>
    public bool HasNothing => _unanswered == 0;

    /// <summary>Grows with whatever changes a report.</summary>
    public long Changes { get; private set; }

    /// <summary>What it has done.</summary>
    public ServerTally Tally { get; }

    /// <summary>Its gateways, with the responses that are to be pushed to them.</summary>
    public GatewayOutboxes Gateways { get; } = new();

    /// <summary>When <see cref="Tick"/> has something to do, as a timestamp; <see cref="long.MaxValue"/> if never.</summary>
    public long NextTick => Math.Min(
        Status == ServerStatus.Draining && !HasNothing ? _drainUntil : long.MaxValue,
        Math.Min(_waiting.EarliestDeadline, _workers.EarliestDeadline));

    /// <summary>A report of now.</summary>
    /// <param name="place">Where it is.</param>
    public ServerResponse Report(ServerPlace place) => new()
    {
        Identity = _id,
        Incarnation = Incarnation,
        Sequence = ++_sequence,
        Status = Status,
        QueueLength = QueueLength,
        InService = InService,
        Concurrency = _workers.Count,
        QueueLimit = _settings.QueueLimit,
        Completed = Tally.Completed,
        Errors = Tally.Errors,
        Expired = Tally.Expired,
        Rejected = Tally.Rejected,
        ServiceTimeMs = Tally.ServiceTimeMs,
        HungWorkers = _workers.Hung,
        ReadyForMs = Incarnation == 0 ? 0 : (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds,
        Silo = place.Silo,
        SiloAddress = place.SiloAddress,
        Host = place.Host,
        Port = place.Port,
        Weight = _weight,
    };

    /// <summary>Makes responses a batch, with the server's queue as it is now.</summary>
    public ResponseBatch Seal(ResponseBuffer responses, GatewayOutbox gateway)
    {
        var (taken, bytes) = responses.Take();
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

    private long TimestampUnits(long milliseconds) => milliseconds * _time.TimestampFrequency / 1000;
}
