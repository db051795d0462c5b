using Shortline.Client.Tcp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Requests;

/// <summary>
/// The requests of one client: gives them ids, matches responses to them, and sends them again, also to another gateway, when no response
/// comes. Allocates nothing per request. Thread-safe: one lock guards the table, and it is never held during a system call.
/// </summary>
/// <remarks>The channel has no timer. Its owner calls <see cref="Sweep"/> every few milliseconds.</remarks>
internal sealed class RequestChannel
{
    /// <summary>The result of <see cref="TryStart"/> if too many requests are in flight.</summary>
    public const long LimitReached = -1;

    /// <summary>The result of <see cref="TryStart"/> if servers refuse most requests. See <see cref="AdaptiveThrottle"/>.</summary>
    public const long Throttled = -2;

    [ThreadStatic]
    private static byte[]? _datagramOfThread;

    private readonly Lock _lock = new();
    private readonly IRequestSender _sender;
    private readonly ChannelSettings _settings;
    private readonly TimeProvider _time;
    private readonly IRequestOwner _owner;
    private readonly RequestTable _table;
    private readonly GatewayChoice _gateways;
    private readonly RetrySchedule _schedule;
    private readonly RequestRetries _retries;
    private readonly AdaptiveThrottle? _throttle;
    private readonly GatewayTokens _tokens;
    private readonly long _ticksPerMs;
    private readonly long _createdAt;
    private ChannelCounters _counters;

    public RequestChannel(IRequestSender sender, ChannelSettings settings, TimeProvider time, Random random, IRequestOwner owner)
    {
        _sender = sender;
        _settings = settings;
        _time = time;
        _owner = owner;
        _ticksPerMs = Math.Max(1, time.TimestampFrequency / 1000);
        _createdAt = time.GetTimestamp();
        _table = new RequestTable(settings.FirstId, settings.InFlightLimit);
        _tokens = new GatewayTokens(sender.Gateways);
        _gateways = new GatewayChoice(sender.Gateways, time.TimestampFrequency);
        _schedule = new RetrySchedule(settings, _ticksPerMs, random);
        _throttle = settings.Throttle ? new AdaptiveThrottle(settings.ThrottleMultiplier, settings.ThrottleWindowMs, random) : null;
        _retries = new RequestRetries(sender, _gateways, settings, _schedule, _throttle);
    }

    /// <summary>Requests that have not ended.</summary>
    public int InFlight => _table.InFlight;

    public ChannelCounters Counters
    {
        get
        {
            var milliseconds = MillisecondsAt(_time.GetTimestamp());
            lock (_lock)
                return _retries.AddTo(_counters) with { ThrottleProbability = _throttle?.HighestProbability(milliseconds) ?? 0 };
        }
    }

    /// <summary>The response to a request that must not run twice and was in flight on a connection that broke.</summary>
    private static ReadOnlySpan<byte> LostWithConnection => "{\"status\":\"lost\",\"error\":\"the connection broke before the answer came\"}"u8;

    /// <summary>Starts a request and sends it.</summary>
    /// <param name="tail">See <see cref="RequestWriter.WriteTail"/>; must not change until the request has ended.</param>
    /// <param name="startedAt">The timestamp from which its latency counts.</param>
    /// <param name="timeoutMs">Milliseconds from now until it is given up.</param>
    /// <param name="context">Any object of the owner; returned when the request ends.</param>
    /// <param name="once">
    /// Whether the request must not run twice. A gateway remembers its own requests, but not those of another gateway or of its own earlier
    /// run. Such a request is therefore sent once, and again only after a rejection, which means that it has not run.
    /// </param>
    /// <param name="priority">Its priority, which <paramref name="tail"/> has as well.</param>
    /// <param name="mayThrottle">Whether it may be throttled.</param>
    /// <returns>The id, <see cref="LimitReached"/> or <see cref="Throttled"/>. It is not sent in the last two cases.</returns>
    public long TryStart(
        ReadOnlyMemory<byte> tail,
        long startedAt,
        int timeoutMs,
        object? context,
        bool once = false,
        int priority = RequestParser.UsualPriority,
        bool mayThrottle = true)
    {
        var now = _time.GetTimestamp();
        var milliseconds = MillisecondsAt(now);
        long id;
        Attempt attempt;
        lock (_lock)
        {
            if (mayThrottle && _throttle?.TryPass(priority, milliseconds) == false)
            {
                _counters.Throttled++;
                return Throttled;
            }

            id = _table.TryReserve();
            if (id < 0)
                return LimitReached;
            _counters.Requests++;
            var deadline = now + (timeoutMs * _ticksPerMs);
            var gateway = _gateways.Pick(now, mayRepeat: !once && _settings.Retries > 0);
            attempt = new Attempt(id, gateway, _sender.Connection(gateway), timeoutMs, tail);
            _table.SlotOf(id) = new RequestSlot
            {
                Id = id,
                State = SlotState.InFlight,
                Tail = tail,
                Context = context,
                Once = once,
                Priority = priority,
                Gateway = gateway,
                Connection = attempt.Connection,
                Progress = SendProgress.Sending,
                Sent = 1,
                StartedAt = startedAt,
                DeadlineAt = deadline,
                WaitsSince = now,
                NextAt = _schedule.FirstCheck(now, once, deadline, retries: 0, _sender.Gateways),
            };
            _retries.OnRequest(milliseconds);
        }

        Send(attempt);
        return id;
    }

    /// <summary>Ends a request without telling its owner, who no longer waits for it.</summary>
    public bool TryAbandon(long id, object context)
    {
        lock (_lock)
        {
            ref var slot = ref _table.SlotOf(id);
            if (slot.Id != id || slot.State == SlotState.Free || slot.Context != context)
                return false;
            _table.Free(ref slot);
            return true;
        }
    }

    /// <summary>Handles what was received from a gateway.</summary>
    public void OnDatagram(int gateway, ReadOnlySpan<byte> datagram)
    {
        var isResponse = ResponseParser.TryParse(datagram, out var response);
        var now = _time.GetTimestamp();
        var ended = default(EndedRequest);
        var again = default(Attempt?);
        lock (_lock)
        {
            if (!isResponse || response.IntegerId is not { } id || (response.HasClientId && response.ClientId != _settings.ClientId) || _table.SlotOf(id).Id != id)
            {
                _counters.Unmatched++;
                return;
            }

            ref var slot = ref _table.SlotOf(id);
            if (Rejections.IsStopping(response, _settings.IsDirect))
                _retries.OnStopping(gateway, slot, now);
            else
                _gateways.OnAnswer(gateway, now);
            if (++slot.Answers > slot.Sent)
                _counters.Repeated++;
            if (slot.State == SlotState.Free)
            {
                _counters.Late++;
                return;
            }

            var isHere = slot.State == SlotState.InFlight && slot.Gateway == gateway;
            if (response.Status == ResponseStatus.Verify)
            {
                if (!_tokens.TryKeep(gateway, response.Token) || !isHere || !_retries.TryVerify(ref slot, now))
                    return;
                again = AttemptOf(slot, now);
            }
            else if (!TryEnd(ref slot, isHere, response, now, out ended))
            {
                return;
            }
        }

        if (again is { } attempt)
            Send(attempt);
        else
            _owner.OnEnded(ended, response);
    }

    /// <summary>
    /// The system reports that no process listens at a gateway's port. The next sweep sends the gateway's requests to another gateway. If
    /// there is none, they keep their schedule: a gateway may be starting.
    /// </summary>
    public void OnRefused(int gateway)
    {
        lock (_lock)
        {
            _counters.Refused++;
            _gateways.OnRefused(gateway, _time.GetTimestamp());
        }
    }

    /// <summary>
    /// A connection has ended; the sender reports each connection once. The next sweep sends its requests elsewhere: those that were not
    /// sent in any case, the others if they may run twice and retries and budget allow it. A request that may have run and must not run
    /// twice is lost.
    /// </summary>
    /// <param name="gateway">The gateway of the connection.</param>
    /// <param name="connection">The number of the connection.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="isRefusal">
    /// Whether the gateway counts as gone. It does not if it closed an idle connection, or one that the client had left.
    /// </param>
    public void OnConnectionEnded(int gateway, long connection, ConnectionEnd end, bool isRefusal)
    {
        lock (_lock)
        {
            if (end == ConnectionEnd.NotOpened)
                _counters.Refused++;
            if (isRefusal)
                _gateways.OnRefused(gateway, _time.GetTimestamp());
        }

        foreach (ref var slot in _table.Slots)
        {
            // Read without the lock: a request that is not on the connection by now never will be.
            if (IsOn(slot, gateway, connection))
                OnConnectionEnded(ref slot, gateway, connection, end);
        }
    }

    /// <summary>
    /// Sends requests again that are due, and ends those whose time is over. Called every few milliseconds, by one thread at a time.
    /// </summary>
    public void Sweep()
    {
        if (InFlight == 0)
            return;
        var now = _time.GetTimestamp();
        var (first, end) = _table.SweepRange();
        var oldest = end;
        for (var id = first; id < end; id++)
        {
            // Read without the lock, because a request is seldom due. Handle() checks again under the lock.
            ref var slot = ref _table.SlotOf(id);
            if (slot.State == SlotState.Free)
                continue;
            oldest = Math.Min(oldest, id);
            if (_retries.IsDue(slot, now))
                Handle(ref slot, now);
        }

        _table.EndSweep(oldest);
    }

    /// <summary>Ends all requests without a response.</summary>
    public void EndAll()
    {
        foreach (ref var slot in _table.Slots)
        {
            EndedRequest ended;
            lock (_lock)
            {
                if (slot.State == SlotState.Free)
                    continue;
                ended = End(ref slot, _time.GetTimestamp(), answered: false);
            }

            _owner.OnEnded(ended, default);
        }
    }

    private static bool IsOn(in RequestSlot slot, int gateway, long connection) =>
        slot.State == SlotState.InFlight && slot.Gateway == gateway && slot.Connection == connection;

    /// <summary>Ends a request with a response, unless it is a rejection after which the request is sent again.</summary>
    private bool TryEnd(ref RequestSlot slot, bool isHere, in ResponseView response, long now, out EndedRequest ended)
    {
        ended = default;
        var milliseconds = MillisecondsAt(now);
        var isRejected = response.Status == ResponseStatus.Rejected;

        // A rejection by one gateway says nothing about another gateway that has the request now.
        if (isRejected && !isHere)
            return false;
        CountOutcome(slot, response, milliseconds);
        if (isRejected && _retries.TryWait(ref slot, now, milliseconds, response))
            return false;
        ended = End(ref slot, now, answered: true);
        return true;
    }

    private void CountOutcome(in RequestSlot slot, in ResponseView response, long milliseconds)
    {
        var isAccepted = response.Status != ResponseStatus.Rejected;
        if (!isAccepted && Rejections.IsAbsence(response))
            return;
        _counters.Overloads += isAccepted ? 0 : 1;
        _throttle?.OnResponse(slot.Priority, milliseconds, isAccepted);
    }

    private void OnConnectionEnded(ref RequestSlot slot, int gateway, long connection, ConnectionEnd end)
    {
        EndedRequest lost;
        lock (_lock)
        {
            if (!IsOn(slot, gateway, connection))
                return;
            var now = _time.GetTimestamp();
            if (end != ConnectionEnd.Broken)
            {
                _retries.PutBack(ref slot, now);
                return;
            }

            if (Interlocked.CompareExchange(ref slot.Progress, SendProgress.Broke, SendProgress.Sending) == SendProgress.Sending)
                return;
            if (!slot.Once)
            {
                _retries.OnBroken(ref slot, now);
                return;
            }

            lost = End(ref slot, now, answered: true);
        }

        if (ResponseParser.TryParse(LostWithConnection, out var response))
            _owner.OnEnded(lost, response);
    }

    private void Handle(ref RequestSlot slot, long now)
    {
        var attempt = default(Attempt);
        var ended = default(EndedRequest?);
        lock (_lock)
        {
            if (slot.State == SlotState.Free || !_retries.MustRetry(slot, now))
                return;
            if (now >= slot.DeadlineAt)
                ended = EndInTime(ref slot, now);
            else if (_retries.TryRetry(ref slot, now, MillisecondsAt(now)))
                attempt = AttemptOf(slot, now);
            else
                return;
        }

        if (ended is { } request)
            _owner.OnEnded(request, default);
        else
            Send(attempt);
    }

    /// <summary>Ends a request whose time is over. One that waits for its connection to open was not sent.</summary>
    private EndedRequest EndInTime(ref RequestSlot slot, long now)
    {
        if (slot.State == SlotState.InFlight && !_sender.IsOpen(slot.Gateway, slot.Connection))
            slot.Sent--;
        return End(ref slot, now, answered: false);
    }

    private EndedRequest End(ref RequestSlot slot, long now, bool answered)
    {
        var ended = new EndedRequest(slot.Id, slot.Context, answered, _time.GetElapsedTime(slot.StartedAt, now), slot.Sent);
        _table.Free(ref slot);
        return ended;
    }

    private Attempt AttemptOf(in RequestSlot slot, long now) =>
        new(slot.Id, slot.Gateway, slot.Connection, Math.Max(1, (int)((slot.DeadlineAt - now) / _ticksPerMs)), slot.Tail);

    private void Send(in Attempt attempt)
    {
        var datagram = _datagramOfThread ??= GC.AllocateUninitializedArray<byte>(RequestParser.MaxDatagram);
        var head = RequestHead.Write(datagram, attempt.Id, attempt.TimeoutMs, _tokens.For(attempt.Gateway, attempt.Tail.Length));
        attempt.Tail.Span.CopyTo(datagram.AsSpan(head));
        var outcome = _sender.Send(attempt.Gateway, attempt.Connection, datagram.AsSpan(0, head + attempt.Tail.Length));
        if (outcome == SendOutcome.Refused)
            OnRefused(attempt.Gateway);
        else if (outcome == SendOutcome.NotSent)
            OnNotSent(attempt);
        else if (_sender.HasConnections)
            OnSent(attempt);
    }

    /// <summary>The connection took the request. It may have broken before this thread could say so.</summary>
    private void OnSent(in Attempt attempt)
    {
        ref var slot = ref _table.SlotOf(attempt.Id);
        if (slot.Id == attempt.Id && Interlocked.CompareExchange(ref slot.Progress, SendProgress.Done, SendProgress.Sending) == SendProgress.Broke)
        {
            slot.Progress = SendProgress.Done;
            OnConnectionEnded(ref slot, attempt.Gateway, attempt.Connection, ConnectionEnd.Broken);
        }
    }

    private void OnNotSent(in Attempt attempt)
    {
        lock (_lock)
        {
            ref var slot = ref _table.SlotOf(attempt.Id);
            if (slot.Id == attempt.Id && IsOn(slot, attempt.Gateway, attempt.Connection))
                _retries.PutBack(ref slot, _time.GetTimestamp());
        }
    }

    private long MillisecondsAt(long timestamp) => (timestamp - _createdAt) / _ticksPerMs;

    /// <summary>What is needed to send a request once, outside the lock.</summary>
    private readonly record struct Attempt(long Id, int Gateway, long Connection, int TimeoutMs, ReadOnlyMemory<byte> Tail);
}
