using Shortline.Protocol;

namespace Shortline.Client;

/// <content>What becomes of the requests on a connection that ends. The sender says so once for each connection, after it has ended.</content>
internal sealed partial class RequestChannel
{
    /// <summary>After how long a request that waits for a gateway that is there is looked at again, and one that could not be sent is tried again at the latest.</summary>
    private const int LookAgainMs = 1000;

    /// <summary>How long a probe waits for its answer: longer than a process on a busy machine waits for its turn, or than a thousand requests before it take.</summary>
    private const int ProbeMs = 500;

    /// <summary>The answer to a request that must not run twice and was on a connection that broke.</summary>
    private static ReadOnlySpan<byte> LostWithConnection => "{\"status\":\"lost\",\"error\":\"the connection broke before the answer came\"}"u8;

    /// <summary>
    /// A connection has ended. What was never sent on it is sent elsewhere, whatever it is; what was, is sent elsewhere if it may run twice, within
    /// its retries and the budget; else it is lost. All that with the next sweep.
    /// </summary>
    /// <param name="gateway">Whose.</param>
    /// <param name="connection">Its number.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="isRefusal">Whether that says that the gateway has gone. One that closes what nobody uses, or that was left, has not.</param>
    public void OnConnectionEnded(int gateway, long connection, ConnectionEnd end, bool isRefusal)
    {
        lock (_lock)
        {
            if (end == ConnectionEnd.NotOpened)
                _counters.Refused++;
            if (isRefusal)
                _gateways.OnRefused(gateway, _time.GetTimestamp());
        }

        foreach (ref var slot in _slots.AsSpan())
        {
            // Looked at without the lock; what was not on the connection by now never will be.
            if (slot.State == SlotState.InFlight && slot.Gateway == gateway && slot.Connection == connection)
                OnConnectionEnded(ref slot, gateway, connection, end);
        }
    }

    private void OnConnectionEnded(ref RequestSlot slot, int gateway, long connection, ConnectionEnd end)
    {
        EndedRequest lost;
        lock (_lock)
        {
            if (slot.State != SlotState.InFlight || slot.Gateway != gateway || slot.Connection != connection)
                return;
            var now = _time.GetTimestamp();
            if (end != ConnectionEnd.Broken)
            {
                PutBack(ref slot, now);
                return;
            }

            if (!slot.Once)
            {
                slot.Broken = true;
                slot.NextAt = _gateways.HasOther(gateway, now) ? now : NextRetry(now, slot.Retries, slot.DeadlineAt);
                return;
            }

            lost = End(ref slot, now, answered: true);
        }

        if (ResponseParser.TryParse(LostWithConnection, out var response))
            _owner.OnEnded(lost, response);
    }

    private void OnNotSent(in Attempt attempt)
    {
        lock (_lock)
        {
            ref var slot = ref SlotOf(attempt.Id);
            if (slot.Id == attempt.Id && slot.State == SlotState.InFlight && slot.Gateway == attempt.Gateway && slot.Connection == attempt.Connection)
                PutBack(ref slot, _time.GetTimestamp());
        }
    }

    /// <summary>It was not sent, so it costs nothing to send it: at once if somebody else may be there, but not round and round.</summary>
    private void PutBack(ref RequestSlot slot, long now)
    {
        slot.State = SlotState.Unsent;
        slot.Sent--;
        var wait = slot.NotSent++ == 0 && _gateways.HasOther(slot.Gateway, now)
            ? 0
            : Backoff.Milliseconds(Math.Min(_settings.FirstRetryMs, LookAgainMs), 0, _random.NextDouble());
        slot.NextAt = Math.Min(slot.DeadlineAt, now + (long)(wait * _ticksPerMs));
    }

    /// <summary>A gateway or server says that it stops: what it has it will answer, but it gets nothing more.</summary>
    private void OnStops(int gateway, in RequestSlot slot, long now)
    {
        _gateways.OnRefused(gateway, now);
        if (slot.State == SlotState.InFlight && slot.Gateway == gateway)
            _sender.Leave(gateway, slot.Connection);
    }

    /// <summary>
    /// Whether it is too early to give up a connection on which nothing has come: the request may just be slow, and sent elsewhere it would run
    /// twice. So the other end is asked whether it is there, and only silence to that is silence.
    /// </summary>
    private bool IsToBeAwaited(ref RequestSlot slot, long now)
    {
        var heard = _sender.HasHeard(slot.Gateway, slot.Connection, slot.Probed ? slot.WaitsSince : now - ((now - slot.WaitsSince) / 2));
        if (slot.Probed && !heard)
        {
            var hasLeft = _sender.IsOpen(slot.Gateway, slot.Connection);
            if (_sender.Connection(slot.Gateway) == slot.Connection)
            {
                _gateways.OnSilent(slot.Gateway, now);
                _sender.Leave(slot.Gateway, slot.Connection);
            }

            // What has not left comes back, and costs no retry, when the connection that could not be opened has ended.
            slot.NextAt = Math.Min(slot.DeadlineAt, now + (LookAgainMs * _ticksPerMs));
            return !hasLeft;
        }

        var waitMs = Math.Max(_settings.FirstRetryMs, heard ? LookAgainMs : ProbeMs);
        if (!heard)
            _sender.Probe(slot.Gateway, slot.Connection);
        slot.Probed = !heard;
        slot.WaitsSince = now;
        slot.NextAt = Math.Min(slot.DeadlineAt, now + (waitMs * _ticksPerMs));
        return true;
    }
}
