namespace Shortline.Client.Requests;

/// <summary>
/// Computes when a request is sent or checked again. All times are timestamps of the channel's clock. Guarded by the channel's lock.
/// </summary>
internal sealed class RetrySchedule(ChannelSettings settings, long ticksPerMs, Random random)
{
    /// <summary>
    /// A request that waits for a gateway that is alive is checked again after this time, and a request that could not be sent is tried
    /// again within it.
    /// </summary>
    private const int RecheckMs = 1000;

    /// <summary>
    /// How long a probe waits: longer than a process on a busy machine needs to be scheduled, or a thousand requests before it take.
    /// </summary>
    private const int ProbeMs = 500;

    /// <summary>Converts milliseconds to ticks of the channel's clock.</summary>
    public long Ticks(double milliseconds) => (long)(milliseconds * ticksPerMs);

    /// <summary>
    /// When a request that was just sent is checked for the first time. Where there are several gateways this also holds for a request that
    /// is never sent again: its silence keeps other requests away from a gateway that does not answer.
    /// </summary>
    public long FirstCheck(long now, bool once, long deadline, int retries, int gateways)
    {
        if (!once && settings.Retries > 0)
            return NextRetry(now, retries, deadline);
        return gateways == 1 ? deadline : Math.Min(deadline, now + Ticks(settings.FirstRetryMs));
    }

    /// <summary>When the next retry is due; the deadline if no retry is left.</summary>
    public long NextRetry(long now, int retries, long deadline) => retries >= settings.Retries
        ? deadline
        : Math.Min(deadline, now + Ticks(Backoff.Milliseconds(settings.FirstRetryMs, retries, random.NextDouble())));

    /// <summary>
    /// When a rejected request is sent again: after the time that the gateway named plus up to a quarter, or after the usual backoff.
    /// </summary>
    /// <remarks>The random part keeps clients that were rejected together from returning together.</remarks>
    public long AfterRejection(long now, int retries, int retryAfterMs) => now + Ticks(
        retryAfterMs > 0 ? retryAfterMs * (1 + (random.NextDouble() / 4)) : Backoff.Milliseconds(settings.FirstRetryMs, retries, random.NextDouble()));

    /// <summary>When sending is tried again after it failed.</summary>
    public long AfterNotSent(long now, long deadline) =>
        Math.Min(deadline, now + Ticks(Backoff.Milliseconds(Math.Min(settings.FirstRetryMs, RecheckMs), 0, random.NextDouble())));

    /// <summary>When a request that waits on a connection is checked again.</summary>
    /// <param name="now">The time.</param>
    /// <param name="deadline">The request's deadline.</param>
    /// <param name="isProbed">Whether the connection was just probed.</param>
    public long NextCheck(long now, long deadline, bool isProbed) =>
        Math.Min(deadline, now + Ticks(Math.Max(settings.FirstRetryMs, isProbed ? ProbeMs : RecheckMs)));

    /// <summary>When a request is checked again whose connection could not be opened and is being closed.</summary>
    public long AfterUnopened(long now, long deadline) => Math.Min(deadline, now + Ticks(RecheckMs));
}
