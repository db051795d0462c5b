using Microsoft.Extensions.Logging;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Recovery;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Owns the requests whose identity has certain hashes, from their arrival to their answer: it recognises repeats, keeps deadlines, and writes
/// answers. Requests with the same identity come to the same shard, whatever thread receives them.
/// </summary>
/// <remarks>
/// All methods take <see cref="Lock"/>, or say that their caller holds it. While it is held, <see cref="Assignments"/> takes the lock of the
/// fleet; the other way round is forbidden.
/// </remarks>
internal sealed partial class RequestShard
{
    /// <summary>How far apart the deadlines of one list of the wheel are: as far as sweeps.</summary>
    private const int WheelIntervalMs = 10;

    private readonly LoadBalancerSettings _settings;
    private readonly Clock _clock;
    private readonly Assignments _assignments;
    private readonly TcpConnections _connections;
    private readonly RequestTable _table;
    private readonly DeadlineWheel _deadlines;
    private readonly WaitingRequests _waiting;
    private readonly AnswerWriter _answers;
    private readonly List<PendingRequest> _due = [];
    private readonly ILogger _log;
    private readonly RateLimitedLog<InvalidReason> _invalidLog;
    private readonly RateLimitedLog<string> _fullLog;
    private bool _stopping;

    /// <summary>Creates a shard.</summary>
    /// <param name="parts">The dependencies.</param>
    /// <param name="assignments">Assigns its requests to servers.</param>
    /// <param name="tokens">The tokens of clients that have proven their address.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="index">Its index among the shards.</param>
    /// <param name="shards">The number of shards, a power of two.</param>
    public RequestShard(DispatcherParts parts, Assignments assignments, AddressTokens tokens, Clock clock, int index, int shards)
    {
        (_settings, _clock, _assignments, _connections, _log) = (parts.Settings, clock, assignments, parts.Connections, parts.Log);
        var answers = (_settings.DedupeLimit + shards - 1) / shards;
        var inFlight = (_settings.InFlightLimit + shards - 1) / shards;
        _table = new RequestTable(inFlight, answers, clock.Ticks(_settings.DedupeWindowMs), index, shards, parts.Memory);
        _deadlines = new DeadlineWheel(clock.Ticks(WheelIntervalMs));
        _waiting = new WaitingRequests(_table);
        _answers = new AnswerWriter(tokens, Counters);
        _invalidLog = new RateLimitedLog<InvalidReason>(parts.Time, Dispatcher.LogInterval);
        _fullLog = new RateLimitedLog<string>(parts.Time, Dispatcher.LogInterval);
    }

    public Lock Lock { get; } = new();

    public GatewayCounters Counters { get; } = new();

    /// <summary>The number of requests in flight.</summary>
    public int InFlight => _table.Count;

    /// <summary>The number of requests, and of those that ended a moment ago, that wait for a server.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Rejects new requests from now on. Requests in flight continue.</summary>
    public void StopAccepting()
    {
        lock (Lock)
            _stopping = true;
    }

    /// <summary>Gives its memory back, because the dispatcher is not used any more.</summary>
    public void ReleaseMemory()
    {
        lock (Lock)
            _table.ReleaseMemory();
    }

    /// <summary>Counts a datagram from port 0, which cannot be answered.</summary>
    public void CountUnanswerable()
    {
        lock (Lock)
        {
            Counters.Received++;
            Counters.Unanswerable++;
        }
    }

    /// <summary>Counts a datagram that must not be answered, because it is an answer itself or has a forged source.</summary>
    public void CountReflected()
    {
        lock (Lock)
        {
            Counters.Received++;
            Counters.Reflected++;
        }
    }

    /// <summary>Answers a request that needs no server.</summary>
    public void AnswerLocation(Locations locations, in ArrivedRequest request, long now, Outgoing outgoing)
    {
        lock (Lock)
        {
            Counters.Received++;
            locations.Answer(request, now, outgoing, _answers, Counters);
        }
    }

    /// <summary>Answers an invalid request.</summary>
    public void OnInvalid(in ArrivedRequest request, Outgoing outgoing)
    {
        lock (Lock)
        {
            Counters.Received++;
            Counters.CountInvalid(request.Reason);
            Counters.CountAnswer(ResponseStatus.Invalid);
            _answers.WriteInvalid(outgoing.Answers, request.Recipient, request.View, request.Reason);
            if (_invalidLog.TryPass(request.Reason, out var suppressed))
                Invalid(_log, InvalidReasons.Name(request.Reason), request.Peer, suppressed);
        }
    }

    /// <summary>Admits a request, and sends it to a server.</summary>
    public void Admit(in ArrivedRequest request, long now, Outgoing outgoing)
    {
        lock (Lock)
        {
            Counters.Received++;
            if (_table.TryFind(request.Key, request.Hash, out var known, out var answer))
            {
                Repeat(known, answer, request, outgoing);
                return;
            }

            if (_stopping)
            {
                Reject(request, RejectReasons.Stopping, 0, outgoing);
                return;
            }

            var view = request.View;
            if (MustProveFirst(request))
            {
                _answers.WriteVerify(outgoing.Answers, request.Recipient, view.Id, view.HasClientId ? view.ClientId : null);
                return;
            }

            var timeoutMs = view.TimeoutMs == 0 ? _settings.DefaultTimeoutMs
                : request.IsOwn ? view.TimeoutMs
                : Math.Min(view.TimeoutMs, _settings.MaxTimeoutMs);
            if (_table.Begin(view, request.Key, request.Hash, request.Recipient, now, now + _clock.Ticks(timeoutMs)) is not { } pending)
            {
                NoteFull();
                Reject(request, RejectReasons.GatewayFull, _assignments.RetryAfterMs(now), outgoing);
                return;
            }

            _deadlines.Add(pending);
            AssignOrWait(pending, now, outgoing);
        }
    }

    /// <summary>Settles one response of a server. The caller holds the lock.</summary>
    public void Settle(Destination server, in ResponseBatch batch, in ClientResponse response, long now, Outgoing outgoing)
    {
        if (!_table.TryGet(response.Ticket, out var pending))
        {
            Counters.Late++;
            return;
        }

        // A silo that gives requests back does not know the incarnation of the server, which may be another one of that id by now.
        var isCurrent = pending.Attempts == PendingRequest.AttemptOf(response.Ticket) && (pending.Server == server || batch.Incarnation == 0);
        if (!isCurrent && response.Status is ResponseStatus.Rejected or ResponseStatus.Expired)
        {
            // A former server rejects or drops a request that another server has now.
            Counters.Late++;
            return;
        }

        if (response.Status == ResponseStatus.Rejected)
        {
            OnRejected(pending, response.Reason, now, outgoing);
            return;
        }

        // A request that expired while it waited is no failure of the server: the fleet was too small.
        var failed = response.Status == ResponseStatus.Error || response is { Status: ResponseStatus.Expired, ServiceTimeUs: > 0 };
        _assignments.Complete(pending, isCurrent ? server : null, failed, batch.QueueLength + batch.InService, now);
        if (response is { Status: ResponseStatus.Expired, ServiceTimeUs: > 0 } && !pending.Idempotent)
        {
            Answer(pending, ResponseStatus.Lost, server, -1, default, "the deadline passed while a server worked on it; it may have run"u8, now, outgoing);
            return;
        }

        var body = batch.BodyOf(response);
        var ok = response.Status == ResponseStatus.Ok;
        Answer(pending, response.Status, server, batch.QueueLength, ok ? body : default, ok ? default : body, now, outgoing);
    }

    /// <summary>Counts a response to a request that is not known any more.</summary>
    public void CountLate(int responses)
    {
        lock (Lock)
            Counters.Late += responses;
    }

    /// <summary>Moves a request to another server, or answers it.</summary>
    public MoveOutcome Move(in Move move, long now, Outgoing outgoing)
    {
        lock (Lock)
        {
            if (!_table.TryGet(move.Ticket, out var pending) || pending.Ticket != move.Ticket || pending.Server != move.From)
                return MoveOutcome.Stays;

            var outcome = _assignments.Move(pending, move.Rule, now);
            if (outcome == MoveOutcome.Lost)
            {
                Answer(pending, ResponseStatus.Lost, move.From, -1, default, move.Rule.LostText, now, outgoing);
            }
            else if (outcome == MoveOutcome.Moved)
            {
                Counters.Redispatched++;
                AssignOrWait(pending, now, outgoing);
            }

            return outcome;
        }
    }

    /// <summary>Assigns the requests that wait for a server.</summary>
    public void AssignWaiting(long now, Outgoing outgoing)
    {
        lock (Lock)
        {
            for (var left = _waiting.Count; _waiting.TryTake(ref left, out var pending);)
            {
                // The state of the servers that had it has changed since.
                pending.Tried = default;
                AssignOrWait(pending, now, outgoing);
            }
        }
    }

    /// <summary>Answers requests whose deadline has passed, and forgets old answers.</summary>
    public void Expire(long now, Outgoing outgoing)
    {
        lock (Lock)
        {
            _due.Clear();
            _deadlines.Collect(now, _due);
            foreach (var pending in _due)
            {
                var server = pending.Server;
                var mayHaveRun = _assignments.Expire(pending, now);
                if (mayHaveRun && !pending.Idempotent)
                    Answer(pending, ResponseStatus.Lost, server, -1, default, "no response from its server in time; it may have run"u8, now, outgoing);
                else
                    Answer(pending, ResponseStatus.Expired, server, -1, default, "no response from a server in time"u8, now, outgoing);
            }

            _waiting.ForgetEnded();
            _table.ForgetOldAnswers(now);
        }
    }

    private void NoteFull()
    {
        if (!_fullLog.TryPass("", out var suppressed))
            return;
        if (_table.IsFull)
            Full(_log, _settings.InFlightLimit, suppressed);
        else
            NoMemory(_log, _settings.MemoryLimit, suppressed);
    }

    /// <summary>
    /// Whether a request runs only for a client that has proven its address. If its answer was too large, the client would have to repeat
    /// the request, and the gateway might not have the answer any more.
    /// </summary>
    private bool MustProveFirst(in ArrivedRequest request) =>
        !request.Recipient.IsProven && !request.View.Idempotent && !_table.KeepsEveryAnswer;

    private void Repeat(PendingRequest? known, ReadOnlySpan<byte> answer, in ArrivedRequest request, Outgoing outgoing)
    {
        if (known is null)
        {
            _answers.WriteAgain(outgoing.Answers, request.Recipient, request.View, answer);
            Counters.Repeated++;
            return;
        }

        // The client may repeat the request from another socket. The answer goes to the latest one.
        if (known.Peer.IsConnection)
        {
            // The earlier connection gets one answer less. If it is the same connection, it sent the request twice and gets one answer.
            _connections.Find(known.Peer)?.RemoveUnanswered();
        }

        known.Recipient = known.Recipient.JoinedBy(request.Recipient);
        Counters.Joined++;
    }

    /// <summary>Assigns the request to a server, or keeps it until one is ready or its deadline passes.</summary>
    private void AssignOrWait(PendingRequest pending, long now, Outgoing outgoing)
    {
        if (!_assignments.TryAssign(pending, now, outgoing))
            _waiting.Add(pending);
    }

    /// <summary>Handles a request that a server rejected. It did not run there, so another server may have it.</summary>
    private void OnRejected(PendingRequest pending, RejectReason reason, long now, Outgoing outgoing)
    {
        if (_assignments.OnRejected(pending, reason))
        {
            AssignOrWait(pending, now, outgoing);
            Counters.Repicked += pending.Server is null ? 0 : 1;
        }
        else if (pending.CountedAttempts < MostAttempts(pending, reason) && _assignments.TryAssign(pending, now, outgoing))
        {
            Counters.Repicked++;
        }
        else
        {
            Counters.CountAnswer(ResponseStatus.Rejected);
            _answers.WriteRejected(
                outgoing.Answers, pending.Recipient, pending.Id, pending.HasClientId ? pending.ClientId : null, RejectReasons.Of(reason),
                _assignments.RetryAfterMs(now), _clock.Microseconds(now - pending.ReceivedAt));

            // The answer is not kept for repeats, because the client is asked to send the request again.
            _deadlines.Remove(pending);
            _table.EndUnanswered(pending);
        }
    }

    /// <summary>
    /// The servers that a request is sent to. If one of the least loaded servers is overloaded, a second one may just have become free, but a
    /// third attempt only adds to the load. A request that is more important than usual is tried at more: servers are chosen by whole
    /// queues, and those of others may consist of requests that give way.
    /// </summary>
    private int MostAttempts(PendingRequest pending, RejectReason reason) =>
        reason == RejectReason.Overloaded && pending.Priority <= RequestParser.UsualPriority ? Math.Min(2, _settings.Attempts) : _settings.Attempts;

    private void Reject(in ArrivedRequest request, ReadOnlySpan<byte> reason, int retryAfterMs, Outgoing outgoing)
    {
        Counters.CountAnswer(ResponseStatus.Rejected);
        var view = request.View;
        _answers.WriteRejected(
            outgoing.Answers, request.Recipient, view.Id, view.HasClientId ? view.ClientId : null, reason, retryAfterMs,
            elapsedMicroseconds: -1);
    }

    /// <summary>Answers a request that no server has any more.</summary>
    private void Answer(
        PendingRequest pending, ResponseStatus status, Destination? server, int queueLength,
        ReadOnlySpan<byte> result, ReadOnlySpan<byte> error, long now, Outgoing outgoing)
    {
        Counters.CountAnswer(status);
        var answer = _answers.Write(outgoing.Answers, pending.Recipient, new Response
        {
            Id = pending.Id,
            HasClientId = pending.HasClientId,
            ClientId = pending.ClientId,
            Status = status,
            ServerId = server is null ? default : server.Utf8Id,
            QueueLength = queueLength,
            Result = result,
            Error = error,
            ElapsedMicroseconds = _clock.Microseconds(now - pending.ReceivedAt),
        });
        _deadlines.Remove(pending);
        _table.End(pending, answer, now);
    }

    [LoggerMessage(3020, LogLevel.Warning, "Requests are rejected, because {Limit} are in flight already (load_balancer.in_flight_limit); {Suppressed} more since the last such line")]
    private static partial void Full(ILogger log, int limit, long suppressed);

    [LoggerMessage(3021, LogLevel.Warning, "Long requests are rejected, because clients have taken {Limit} MB of memory (load_balancer.memory_limit); {Suppressed} more since the last such line")]
    private static partial void NoMemory(ILogger log, int limit, long suppressed);

    [LoggerMessage(3001, LogLevel.Warning, "Invalid request ({Reason}) from {Peer}; {Suppressed} more of this kind since the last such line")]
    private static partial void Invalid(ILogger log, string reason, PeerAddress peer, long suppressed);
}
