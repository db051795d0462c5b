using Shortline.Balancing;
using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>
/// The requests of one client: gives them ids, finds them again when their answers come, sends them again, also to another gateway, when
/// none does. Allocates nothing per request. Safe for several threads: one lock over the table, never held during a system call.
/// </summary>
/// <remarks>
/// A request's place in the table is its id modulo the table's size, so an answer finds it without a search, and an id whose place is
/// still taken by a slow request is left out. The clock is looked at from outside: <see cref="Sweep"/>.
/// </remarks>
internal sealed partial class RequestChannel
{
    /// <summary>
    /// The gateway is told this much less than the time there is, at most a tenth of it, so that its word that the time is over arrives
    /// before this side gives up without one.
    /// </summary>
    private const int AnswerMarginMs = 250;

    private const int MaxHead = 64; // {"id":…,"timeout_ms":… with both numbers at their longest

    [ThreadStatic]
    private static byte[]? _datagramOfThread;

    private readonly Lock _lock = new();
    private readonly IRequestSender _sender;
    private readonly GatewayChoice _gateways;
    private readonly ChannelSettings _settings;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly IRequestOwner _owner;
    private readonly RetryBudget _budget = new();
    private readonly RequestSlot[] _slots;
    private readonly long _ticksPerMs;
    private readonly long _createdAt;
    private long _nextId;
    private long _oldest; // no request in flight has a smaller id; the sweeper's own
    private int _inFlight;
    private ChannelCounters _counters;

    public RequestChannel(IRequestSender sender, ChannelSettings settings, TimeProvider time, Random random, IRequestOwner owner)
    {
        _sender = sender;
        _settings = settings;
        _time = time;
        _random = random;
        _owner = owner;
        _nextId = settings.FirstId;
        _oldest = settings.FirstId;
        _ticksPerMs = Math.Max(1, time.TimestampFrequency / 1000);
        _createdAt = time.GetTimestamp();
        _gateways = new GatewayChoice(sender.Gateways, time.TimestampFrequency);
        _slots = new RequestSlot[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, settings.InFlightLimit * 2))];
        foreach (ref var slot in _slots.AsSpan())
            slot.Id = -1;
    }

    /// <summary>Why a gateway turns away requests that another one would take.</summary>
    private static ReadOnlySpan<byte> Stopping => "gateway_stopping"u8;

    /// <summary>Why a server does, which is seen by who talks to it directly.</summary>
    private static ReadOnlySpan<byte> Draining => "draining"u8;

    private static ReadOnlySpan<byte> NoServer => "no_server"u8;

    /// <summary>The largest tail that fits into a datagram.</summary>
    public static int MaxTail => RequestParser.MaxDatagram - MaxHead;

    /// <summary>Requests that are not over.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public ChannelCounters Counters
    {
        get
        {
            lock (_lock)
                return _counters;
        }
    }

    /// <summary>Starts a request and sends it.</summary>
    /// <param name="tail">See <see cref="RequestWriter.WriteTail"/>; must not change until the request has ended.</param>
    /// <param name="startedAt">The timestamp from which its time counts.</param>
    /// <param name="timeoutMs">Its time, from now.</param>
    /// <param name="context">The owner's own; comes back when the request ends.</param>
    /// <param name="once">It must not run twice. A gateway knows what it was sent before, but not what another gateway or an earlier run of it was:
    /// so it is sent once, and again only after it was <see cref="ResponseStatus.Rejected"/>, which says that it has not run.</param>
    /// <returns>The id, or -1 if too many are in flight.</returns>
    public long TryStart(ReadOnlyMemory<byte> tail, long startedAt, int timeoutMs, object? context, bool once = false)
    {
        var now = _time.GetTimestamp();
        long id;
        Attempt attempt;
        lock (_lock)
        {
            if (_inFlight >= _settings.InFlightLimit)
                return -1;
            while (SlotOf(_nextId).State != SlotState.Free)
                _nextId++;
            id = _nextId++;
            _inFlight++;
            var deadline = now + (timeoutMs * _ticksPerMs);
            var gateway = _gateways.Pick(now, mayRepeat: !once && _settings.Retries > 0);
            attempt = new Attempt(id, gateway, _sender.Connection(gateway), timeoutMs, tail);
            SlotOf(id) = new RequestSlot
            {
                Id = id,
                State = SlotState.InFlight,
                Tail = tail,
                Context = context,
                Once = once,
                Gateway = gateway,
                Connection = attempt.Connection,
                Sent = 1,
                StartedAt = startedAt,
                DeadlineAt = deadline,
                WaitsSince = now,
                NextAt = FirstLook(now, once, deadline),
            };
            _budget.OnRequest(MillisecondsAt(now));
        }

        Send(attempt);
        return id;
    }

    /// <summary>Ends a request without telling its owner: nobody waits for it any more.</summary>
    public bool TryAbandon(long id, object context)
    {
        lock (_lock)
        {
            ref var slot = ref SlotOf(id);
            if (slot.Id != id || slot.State == SlotState.Free || slot.Context != context)
                return false;
            Free(ref slot);
            return true;
        }
    }

    /// <summary>Takes what was received from a gateway.</summary>
    public void OnDatagram(int gateway, ReadOnlySpan<byte> datagram)
    {
        var known = ResponseParser.TryParse(datagram, out var response);
        var now = _time.GetTimestamp();
        EndedRequest ended;
        lock (_lock)
        {
            if (!known || response.IntegerId is not { } id || (response.HasClientId && response.ClientId != _settings.ClientId) || SlotOf(id).Id != id)
            {
                _counters.Unmatched++;
                return;
            }

            ref var slot = ref SlotOf(id);
            var stops = Stops(response);
            if (stops)
                OnStops(gateway, in slot, now);
            else
                _gateways.OnAnswer(gateway, now);
            if (++slot.Answers > slot.Sent)
                _counters.Repeated++;
            if (slot.State == SlotState.Free)
            {
                _counters.Late++;
                return;
            }

            // One gateway's rejection says nothing about another, where it is now.
            if (response.Status == ResponseStatus.Rejected
                && (slot.State != SlotState.InFlight || slot.Gateway != gateway || TryWait(ref slot, now, stops, response.RetryAfterMs)))
            {
                return;
            }

            ended = End(ref slot, now, answered: true);
        }

        _owner.OnEnded(ended, response);
    }

    /// <summary>
    /// The system said that nobody listens. What is in flight there is sent to another gateway with the next sweep; if there is none, it
    /// keeps its time: a gateway may be on its way up.
    /// </summary>
    public void OnRefused(int gateway)
    {
        lock (_lock)
        {
            _counters.Refused++;
            _gateways.OnRefused(gateway, _time.GetTimestamp());
        }
    }

    /// <summary>Sends again what is due, and ends what has no time left. To be called every few milliseconds, by one thread at a time.</summary>
    public void Sweep()
    {
        if (InFlight == 0)
            return;
        var now = _time.GetTimestamp();
        var end = Volatile.Read(ref _nextId);
        _oldest = Math.Max(_oldest, end - _slots.Length);
        var oldest = end;
        for (var id = _oldest; id < end; id++)
        {
            // Looked at without the lock, because it is seldom due; looked at again with it.
            ref var slot = ref SlotOf(id);
            if (slot.State == SlotState.Free)
                continue;
            oldest = Math.Min(oldest, id);
            if (slot.NextAt <= now || IsRefused(in slot))
                Tend(ref slot, now);
        }

        _oldest = oldest;
    }

    /// <summary>Ends everything that is in flight, unanswered.</summary>
    public void EndAll()
    {
        foreach (ref var slot in _slots.AsSpan())
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

    private EndedRequest End(ref RequestSlot slot, long now, bool answered)
    {
        var ended = new EndedRequest(slot.Id, slot.Context, answered, _time.GetElapsedTime(slot.StartedAt, now), slot.Sent);
        Free(ref slot);
        return ended;
    }

    /// <summary>What is needed to send a request once, outside the lock.</summary>
    private readonly record struct Attempt(long Id, int Gateway, long Connection, int TimeoutMs, ReadOnlyMemory<byte> Tail);

    private void Free(ref RequestSlot slot)
    {
        slot.State = SlotState.Free;
        slot.Context = null;
        slot.Tail = default;
        _inFlight--;
    }

    private void Send(in Attempt attempt)
    {
        var datagram = _datagramOfThread ??= GC.AllocateUninitializedArray<byte>(RequestParser.MaxDatagram);
        var head = RequestWriter.WriteHead(datagram, attempt.Id, attempt.TimeoutMs - Math.Min(AnswerMarginMs, attempt.TimeoutMs / 10));
        attempt.Tail.Span.CopyTo(datagram.AsSpan(head));
        var outcome = _sender.Send(attempt.Gateway, attempt.Connection, datagram.AsSpan(0, head + attempt.Tail.Length));
        if (outcome == SendOutcome.Refused)
            OnRefused(attempt.Gateway);
        else if (outcome == SendOutcome.NotSent)
            OnNotSent(attempt);
    }

    private long MillisecondsAt(long timestamp) => (timestamp - _createdAt) / _ticksPerMs;

    private bool Stops(in ResponseView response) => response.Status == ResponseStatus.Rejected
        && (response.Reason.SequenceEqual(Stopping)
            || (_settings.IsDirect && (response.Reason.SequenceEqual(Draining) || response.Reason.SequenceEqual(NoServer))));

    private ref RequestSlot SlotOf(long id) => ref _slots[id & (_slots.Length - 1)];
}
