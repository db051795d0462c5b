using Shortline.Balancing;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Requests;

/// <summary>
/// Decides whether, when and where a request is sent again, and keeps the retry budget. It changes slots only; the channel sends. Guarded
/// by the channel's lock.
/// </summary>
/// <param name="sender">Sends the requests.</param>
/// <param name="gateways">Chooses gateways.</param>
/// <param name="settings">The settings of the channel.</param>
/// <param name="schedule">Computes the times of retries.</param>
/// <param name="throttle">Decides about retries after a refusal for overload; null allows all.</param>
internal sealed class RequestRetries(
    IRequestSender sender, GatewayChoice gateways, ChannelSettings settings, RetrySchedule schedule, AdaptiveThrottle? throttle)
{
    /// <summary>
    /// The milliseconds that a rejected request must have left at its retry. The sweep is up to ten late, and the response needs some. With
    /// less the client would wait, and then have no response instead of the rejection.
    /// </summary>
    public const int LeastMs = 20;

    /// <summary>How often a request is sent again because its gateway wants a token. Once is usual; a token may end on its way.</summary>
    private const int MaxVerified = 3;

    private readonly RetryBudget _budget = new(settings.RetryBudgetPercent / 100.0, settings.RetryBudgetPerSecond);
    private long _sent;
    private long _denied;
    private long _throttled;

    /// <summary>Fills in the counters of retries.</summary>
    public ChannelCounters AddTo(ChannelCounters counters) =>
        counters with { Retries = _sent, RetriesDenied = _denied, RetriesThrottled = _throttled };

    /// <summary>Adds a new request to the budget.</summary>
    /// <param name="milliseconds">The time since the channel was created.</param>
    public void OnRequest(long milliseconds) => _budget.OnRequest(milliseconds);

    /// <summary>Whether the sweep has to handle a request now. May be called without the lock; the caller checks again under it.</summary>
    public bool IsDue(in RequestSlot slot, long now) => slot.NextAt <= now || IsRefused(slot);

    /// <summary>Whether a request is due now, or its gateway refuses and another one does not.</summary>
    public bool MustRetry(in RequestSlot slot, long now) => slot.NextAt <= now || (IsRefused(slot) && gateways.HasOther(slot.Gateway, now));

    /// <summary>Prepares a slot for being sent again.</summary>
    /// <param name="slot">A request that is due.</param>
    /// <param name="now">The time.</param>
    /// <param name="milliseconds">The same as milliseconds since the channel was created.</param>
    /// <returns>Whether the channel sends it now. If not, the slot says when it is checked again.</returns>
    public bool TryRetry(ref RequestSlot slot, long now, long milliseconds)
    {
        if (slot.State == SlotState.Unsent)
        {
            SendTo(gateways.Next(slot.Gateway, now), ref slot, now);
            return true;
        }

        // A request that waits after a rejection has paid for its retry already.
        var isPaid = slot.State == SlotState.Waiting;
        var isOnConnection = sender.HasConnections && !isPaid;
        if (isOnConnection && !slot.Broken && MustAwait(ref slot, now))
            return false;
        var elsewhere = isPaid || isOnConnection || IsRefused(slot) || gateways.IsSilent(slot.Gateway, slot.WaitsSince, now);
        if (!isPaid && (slot.Once || slot.Retries >= settings.Retries))
        {
            slot.WaitsSince = now;
            slot.NextAt = slot.DeadlineAt;
            return false;
        }

        if (!isPaid && !TryPay(milliseconds))
        {
            slot.WaitsSince = now;
            slot.NextAt = schedule.NextRetry(now, slot.Retries, slot.DeadlineAt);
            return false;
        }

        slot.Retries++;
        _sent++;
        SendTo(elsewhere ? gateways.Next(slot.Gateway, now) : slot.Gateway, ref slot, now);
        return true;
    }

    /// <summary>Lets a rejected request wait for its retry.</summary>
    /// <param name="slot">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="milliseconds">The same as milliseconds since the channel was created.</param>
    /// <param name="rejection">The response.</param>
    /// <returns>
    /// False if no retry, no time or no budget is left, or servers refuse most requests: the rejection is the response.
    /// </returns>
    public bool TryWait(ref RequestSlot slot, long now, long milliseconds, in ResponseView rejection)
    {
        if (slot.Retries >= settings.Retries)
            return false;
        var isElsewhere = Rejections.IsStopping(rejection, settings.IsDirect) && gateways.HasOther(slot.Gateway, now);
        var next = isElsewhere ? now : schedule.AfterRejection(now, slot.Retries, rejection.RetryAfterMs);
        if (next + schedule.Ticks(LeastMs) >= slot.DeadlineAt || IsThrottled(slot, milliseconds, rejection) || !TryPay(milliseconds))
            return false;
        slot.State = SlotState.Waiting;
        slot.NextAt = next;
        return true;
    }

    /// <summary>
    /// Prepares a request to be sent again, because its gateway does not send the answer to an address that has not proven itself. This
    /// costs no retry. It is bounded, because the network may give the client another address each time.
    /// </summary>
    public bool TryVerify(ref RequestSlot slot, long now)
    {
        if (slot.Verified >= MaxVerified)
            return false;
        slot.Verified++;
        SendTo(slot.Gateway, ref slot, now);
        return true;
    }

    /// <summary>
    /// Takes back a request that was not sent. Sending it costs no retry: at once if another gateway may be there, but only the first time,
    /// so that requests do not go round and round.
    /// </summary>
    public void PutBack(ref RequestSlot slot, long now)
    {
        slot.State = SlotState.Unsent;
        slot.Sent--;
        slot.NextAt = slot.NotSent++ == 0 && gateways.HasOther(slot.Gateway, now) ? Math.Min(slot.DeadlineAt, now) : schedule.AfterNotSent(now, slot.DeadlineAt);
    }

    /// <summary>
    /// The connection of a request that may run twice broke: it is sent elsewhere with the next sweep, if another gateway may be there.
    /// </summary>
    public void OnBroken(ref RequestSlot slot, long now)
    {
        slot.Broken = true;
        slot.NextAt = gateways.HasOther(slot.Gateway, now) ? now : schedule.NextRetry(now, slot.Retries, slot.DeadlineAt);
    }

    /// <summary>A gateway or server says that it stops. It still answers its requests in flight, and gets no new ones.</summary>
    public void OnStopping(int gateway, in RequestSlot slot, long now)
    {
        gateways.OnRefused(gateway, now);
        if (slot.State == SlotState.InFlight && slot.Gateway == gateway)
            sender.Leave(gateway, slot.Connection);
    }

    /// <summary>
    /// Only refusals for overload are throttled: sending a lost request again is no new work for the servers, and a missing server does not
    /// mind.
    /// </summary>
    private bool IsThrottled(in RequestSlot slot, long milliseconds, in ResponseView rejection)
    {
        if (Rejections.IsAbsence(rejection) || throttle?.AllowsRetry(slot.Priority, milliseconds) != false)
            return false;
        _throttled++;
        return true;
    }

    private bool TryPay(long milliseconds)
    {
        if (_budget.TryRetry(milliseconds))
            return true;
        _denied++;
        return false;
    }

    private void SendTo(int gateway, ref RequestSlot slot, long now)
    {
        slot.State = SlotState.InFlight;
        slot.Sent++;
        slot.Gateway = gateway;
        slot.Connection = sender.Connection(gateway);
        slot.Progress = SendProgress.Sending;
        slot.WaitsSince = now;
        slot.Probed = false;
        slot.Broken = false;
        slot.NextAt = schedule.FirstCheck(now, slot.Once, slot.DeadlineAt, slot.Retries, sender.Gateways);
    }

    /// <summary>Whether no process listens at the port to which a datagram was sent. Connections report their end themselves.</summary>
    private bool IsRefused(in RequestSlot slot) =>
        !sender.HasConnections && slot.State == SlotState.InFlight && !slot.Once && gateways.HasRefused(slot.Gateway, slot.WaitsSince);

    /// <summary>
    /// Whether it is too early to give up a connection on which nothing has arrived. The request may just be slow, and would run twice if
    /// it were sent elsewhere. The client therefore probes the other end; only if the probe is not answered either, the connection counts
    /// as dead.
    /// </summary>
    private bool MustAwait(ref RequestSlot slot, long now)
    {
        var since = slot.Probed ? slot.WaitsSince : now - ((now - slot.WaitsSince) / 2);
        var heard = sender.HasHeard(slot.Gateway, slot.Connection, since);
        if (slot.Probed && !heard)
        {
            var isOpen = sender.IsOpen(slot.Gateway, slot.Connection);
            if (sender.Connection(slot.Gateway) == slot.Connection)
            {
                gateways.OnSilent(slot.Gateway, now);
                sender.Leave(slot.Gateway, slot.Connection);
            }

            // A request that never left is put back, and costs no retry, when the connection that could not be opened has ended.
            slot.NextAt = schedule.AfterUnopened(now, slot.DeadlineAt);
            return !isOpen;
        }

        if (!heard)
            sender.Probe(slot.Gateway, slot.Connection);
        slot.Probed = !heard;
        slot.WaitsSince = now;
        slot.NextAt = schedule.NextCheck(now, slot.DeadlineAt, isProbed: !heard);
        return true;
    }
}
