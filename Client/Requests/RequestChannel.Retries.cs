namespace Shortline.Client;

/// <content>What is done for a request that has had no answer, or was turned away.</content>
internal sealed partial class RequestChannel
{
    private void Tend(ref RequestSlot slot, long now)
    {
        long id;
        int timeLeftMs;
        int gateway;
        ReadOnlyMemory<byte> tail;
        var ended = default(EndedRequest?);
        lock (_lock)
        {
            if (slot.State == SlotState.Free || (slot.NextAt > now && !(IsRefused(in slot) && _gateways.HasOther(slot.Gateway, now))))
                return;
            id = slot.Id;
            tail = slot.Tail;
            timeLeftMs = (int)((slot.DeadlineAt - now) / _ticksPerMs);
            if (now >= slot.DeadlineAt)
                ended = End(ref slot, now, answered: false);
            else if (!TryRetry(ref slot, now))
                return;
            gateway = slot.Gateway;
        }

        if (ended is { } request)
            _owner.OnEnded(request, default);
        else
            Send(gateway, id, Math.Max(1, timeLeftMs), tail.Span);
    }

    private bool TryRetry(ref RequestSlot slot, long now)
    {
        // What waits after a rejection has paid for its retry already.
        var paid = slot.State == SlotState.Waiting;
        var elsewhere = paid || IsRefused(in slot) || _gateways.IsSilent(slot.Gateway, slot.WaitsSince, now);
        slot.WaitsSince = now;
        if (!paid && (slot.Once || slot.Retries >= _settings.Retries))
        {
            slot.NextAt = slot.DeadlineAt;
            return false;
        }

        if (!paid && !_budget.TryRetry(MillisecondsAt(now)))
        {
            _counters.RetriesDenied++;
            slot.NextAt = NextRetry(now, slot.Retries, slot.DeadlineAt);
            return false;
        }

        slot.State = SlotState.InFlight;
        slot.Sent++;
        slot.Retries++;
        if (elsewhere)
            slot.Gateway = _gateways.Next(slot.Gateway, now);
        slot.NextAt = slot.Once ? slot.DeadlineAt : NextRetry(now, slot.Retries, slot.DeadlineAt);
        _counters.Retries++;
        return true;
    }

    private bool TryWait(ref RequestSlot slot, long now, bool stops, int retryAfterMs)
    {
        if (slot.Retries >= _settings.Retries)
            return false;
        var wait = stops && _gateways.HasOther(slot.Gateway, now) ? 0
            : retryAfterMs > 0
            ? retryAfterMs * (1 + (_random.NextDouble() / 4)) // not all of those that were turned away at once
            : Backoff.Milliseconds(_settings.FirstRetryMs, slot.Retries, _random.NextDouble());
        var next = now + (long)(wait * _ticksPerMs);
        if (next >= slot.DeadlineAt)
            return false;
        if (!_budget.TryRetry(MillisecondsAt(now)))
        {
            _counters.RetriesDenied++;
            return false;
        }

        slot.State = SlotState.Waiting;
        slot.NextAt = next;
        return true;
    }

    private bool IsRefused(in RequestSlot slot) =>
        slot.State == SlotState.InFlight && !slot.Once && _gateways.HasRefused(slot.Gateway, slot.WaitsSince);

    /// <summary>
    /// When a request is looked at for the first time. Where there are several gateways, that is also done for one that will not be sent
    /// again: others are kept from a gateway that does not answer.
    /// </summary>
    private long FirstLook(long now, bool once, long deadline)
    {
        if (!once && _settings.Retries > 0)
            return NextRetry(now, retries: 0, deadline);
        return _sockets.Gateways == 1 ? deadline : Math.Min(deadline, now + (_settings.FirstRetryMs * _ticksPerMs));
    }

    private long NextRetry(long now, int retries, long deadline) => retries >= _settings.Retries
        ? deadline
        : Math.Min(deadline, now + (long)(Backoff.Milliseconds(_settings.FirstRetryMs, retries, _random.NextDouble()) * _ticksPerMs));
}
