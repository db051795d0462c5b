namespace Shortline.Client;

/// <content>What is done for a request that has had no answer, or was turned away.</content>
internal sealed partial class RequestChannel
{
    private void Tend(ref RequestSlot slot, long now)
    {
        Attempt attempt;
        var ended = default(EndedRequest?);
        lock (_lock)
        {
            if (slot.State == SlotState.Free || (slot.NextAt > now && !(IsRefused(in slot) && _gateways.HasOther(slot.Gateway, now))))
                return;
            var tail = slot.Tail; // which it has no more when it has ended
            if (now >= slot.DeadlineAt)
                ended = EndInTime(ref slot, now);
            else if (!TryRetry(ref slot, now))
                return;
            attempt = new Attempt(slot.Id, slot.Gateway, slot.Connection, Math.Max(1, (int)((slot.DeadlineAt - now) / _ticksPerMs)), tail);
        }

        if (ended is { } request)
            _owner.OnEnded(request, default);
        else
            Send(attempt);
    }

    /// <summary>Its time is over. What waits for a connection to open has not been sent.</summary>
    private EndedRequest EndInTime(ref RequestSlot slot, long now)
    {
        if (slot.State == SlotState.InFlight && !_sender.IsOpen(slot.Gateway, slot.Connection))
            slot.Sent--;
        return End(ref slot, now, answered: false);
    }

    private bool TryRetry(ref RequestSlot slot, long now)
    {
        if (slot.State == SlotState.Unsent)
        {
            SendTo(_gateways.Next(slot.Gateway, now), ref slot, now);
            return true;
        }

        // What waits after a rejection has paid for its retry already.
        var paid = slot.State == SlotState.Waiting;
        var onConnection = _sender.HasConnections && !paid;
        if (onConnection && !slot.Broken && IsToBeAwaited(ref slot, now))
            return false;
        var elsewhere = paid || onConnection || IsRefused(in slot) || _gateways.IsSilent(slot.Gateway, slot.WaitsSince, now);
        if (!paid && (slot.Once || slot.Retries >= _settings.Retries))
        {
            slot.WaitsSince = now;
            slot.NextAt = slot.DeadlineAt;
            return false;
        }

        if (!paid && !_budget.TryRetry(MillisecondsAt(now)))
        {
            _counters.RetriesDenied++;
            slot.WaitsSince = now;
            slot.NextAt = NextRetry(now, slot.Retries, slot.DeadlineAt);
            return false;
        }

        slot.Retries++;
        _counters.Retries++;
        SendTo(elsewhere ? _gateways.Next(slot.Gateway, now) : slot.Gateway, ref slot, now);
        return true;
    }

    private void SendTo(int gateway, ref RequestSlot slot, long now)
    {
        slot.State = SlotState.InFlight;
        slot.Sent++;
        slot.Gateway = gateway;
        slot.Connection = _sender.Connection(gateway);
        slot.WaitsSince = now;
        (slot.Probed, slot.Broken) = (false, false);
        slot.NextAt = FirstLook(now, slot.Once, slot.DeadlineAt, slot.Retries);
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

    /// <summary>Whether nobody listens where a datagram went. Connections say themselves when they end.</summary>
    private bool IsRefused(in RequestSlot slot) =>
        !_sender.HasConnections && slot.State == SlotState.InFlight && !slot.Once && _gateways.HasRefused(slot.Gateway, slot.WaitsSince);

    /// <summary>
    /// When a request is looked at for the first time. Where there are several gateways, that is also done for one that will not be sent
    /// again: others are kept from a gateway that does not answer.
    /// </summary>
    private long FirstLook(long now, bool once, long deadline, int retries = 0)
    {
        if (!once && _settings.Retries > 0)
            return NextRetry(now, retries, deadline);
        return _sender.Gateways == 1 ? deadline : Math.Min(deadline, now + (_settings.FirstRetryMs * _ticksPerMs));
    }

    private long NextRetry(long now, int retries, long deadline) => retries >= _settings.Retries
        ? deadline
        : Math.Min(deadline, now + (long)(Backoff.Milliseconds(_settings.FirstRetryMs, retries, _random.NextDouble()) * _ticksPerMs));
}
