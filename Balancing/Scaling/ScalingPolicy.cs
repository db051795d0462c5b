namespace Shortline.Balancing.Scaling;

/// <summary>
/// Determines how many servers a pool needs. It combines Knative's autoscaler (a stable and a panic window, at most doubling) with the
/// damping of Kubernetes (a tolerance, and the largest recent need before shrinking), based on Little's law.
/// </summary>
/// <remarks>
/// <para>
/// <b>Need.</b> The work that arrives, as the number of servers that it keeps busy (<see cref="DemandMeter"/>), divided by the desired
/// utilisation of a server: <c>need = Σ arrivals · service time / concurrency / 0.8</c>, as a mean over a window. It does not depend on the
/// size of the fleet, so the fleet settles at the right size. Requests that were present, on average, limit it: a single long request is no
/// rush. Queue lengths do depend on the size: after growing they are short, and a fleet sized by them
/// would shrink until they are long again.
/// </para>
/// <para>
/// <b>Growing.</b> The fleet grows to the mean need of the stable window if that exceeds the fleet by a tenth. While the queues are over
/// the threshold, or requests are refused, it also grows to the mean need since that began: earlier demand is irrelevant for a rise and would
/// delay the reaction by a window. If the queues stay over the threshold for half a panic window and do not shrink, the load counts as well:
/// a server is full if all workers are busy and as many requests wait as the threshold allows, <c>load / (threshold + concurrency)</c>. After
/// a whole panic window, the fleet grows by at least one server. It at most doubles at a time.
/// </para>
/// <para>
/// <b>Panic.</b> Begins when the need is at least twice the fleet and ends a stable window later. During panic the mean need of the panic
/// window counts as well, and no server is drained.
/// </para>
/// <para>
/// <b>Shrinking.</b> The fleet shrinks by one server if it has not grown for a stable window, the queues are short, and the largest need in
/// the last stable window, by any panic window and by the queues, still fits the smaller fleet.
/// </para>
/// </remarks>
public static class ScalingPolicy
{
    /// <summary>The desired utilisation of workers. Above it, waiting times under random arrivals rise steeply.</summary>
    private const double Utilisation = 0.8;

    /// <summary>A need that exceeds the fleet by a smaller factor is noise (the tolerance of Kubernetes).</summary>
    private const double Tolerance = 1.1;

    /// <summary>The ratio of need to fleet at which panic begins (the panic threshold of Knative).</summary>
    private const double PanicRatio = 2;

    /// <summary>Decides on the size of the fleet.</summary>
    /// <param name="state">The state that the previous call returned.</param>
    /// <param name="nowMs">The time in milliseconds of a monotonic clock.</param>
    /// <param name="ready">The servers that accept requests.</param>
    /// <param name="settled">Whether the fleet has the size of the last decision: no server is starting or draining.</param>
    /// <param name="settings">The limits and windows. They may change between calls.</param>
    /// <returns>The decision, and the state for the next call.</returns>
    public static (ScalingDecision Decision, ScalingState State) Decide(
        ScalingState state, long nowMs, IReadOnlyList<ServerLoad> ready, bool settled, ScalingSettings settings)
    {
        var queues = FleetQueues.Of(ready);
        var (history, isRefusing) = Watch(state, nowMs, ready, queues, settings);
        var rise = RiseStart(state.RiseStart, history, queues, isRefusing, settings);

        var steady = Covers(history, nowMs, settings.PanicWindowMs) ? Need(history, history.At(nowMs - settings.StableWindowMs)) : 0;
        var recent = history.Latest.Need;
        var rising = rise is { } start ? Rising(history, start, queues, ready.Count, settings) : 0;
        var size = Math.Max(1, ready.Count);
        var panicUntil = Math.Max(recent, rising) >= PanicRatio * size ? nowMs + settings.StableWindowMs : state.PanicUntilMs;
        var panic = nowMs < panicUntil;

        var need = Math.Max(rising, panic ? Math.Max(recent, steady) : steady);
        var wanted = Math.Max(settings.Minimum, Ceiling(need));
        var desired = Math.Max(settings.Minimum, state.Desired);
        var reason = desired == state.Desired ? "" : $"at least {settings.Minimum}";
        if (need > desired * Tolerance || rising > desired)
        {
            desired = Math.Max(desired, Math.Min(wanted, 2 * size));
            reason = rise is null ? $"work for {need:0.0} servers"
                : isRefusing ? $"requests are refused, need {need:0.0}"
                : $"{queues.Crowding:0.0} waiting per server, need {need:0.0}";
        }
        else if (rise is null && !panic && settled && desired > settings.Minimum &&
                 nowMs - state.GrewAtMs >= settings.StableWindowMs && CanSpareOne(history, nowMs, desired, settings))
        {
            desired--;
            reason = $"work for {history.PeakNeed():0.0} servers at most lately";
        }

        desired = Math.Clamp(desired, settings.Minimum, Math.Max(settings.Minimum, settings.Maximum));
        var next = state with
        {
            Desired = desired,
            History = history.WithNeed(rising),
            Servers = queues.Counters,
            RiseStart = rise,
            PanicUntilMs = panicUntil,
            GrewAtMs = desired > state.Desired ? nowMs : state.GrewAtMs,
        };
        var urgent = rise is not null || (desired < wanted && desired < settings.Maximum);
        return (new(desired, Math.Max(wanted, desired), panic, urgent, desired == state.Desired ? "" : reason), next);
    }

    /// <returns>The history with a sample of the present, and whether requests were refused since the last one.</returns>
    private static (LoadHistory History, bool IsRefusing) Watch(
        ScalingState state, long nowMs, IReadOnlyList<ServerLoad> ready, in FleetQueues queues, ScalingSettings settings)
    {
        if (state.History.IsEmpty)
            return (state.History.Add(new(nowMs, 0, 0, 0, 0, 0, 0), settings.StableWindowMs), false);

        var last = state.History.Latest;
        var demand = DemandMeter.Measure(state.Servers, ready, nowMs - last.TimeMs);
        var sample = new LoadSample(
            Math.Max(nowMs, last.TimeMs),
            last.Arrivals + demand.Arrivals,
            last.Work + demand.Work,
            last.Presence + demand.Presence,
            last.RefusedWork + demand.RefusedWork,
            last.Backlog + (queues.Waiting * Math.Max(0, nowMs - last.TimeMs)),
            Need: 0);
        if (Covers(state.History, nowMs, settings.PanicWindowMs))
            sample = sample with { Need = sample.OfferedSince(state.History.At(nowMs - settings.PanicWindowMs)) / Utilisation };
        return (state.History.Add(sample, settings.StableWindowMs), demand.Refused > 0);
    }

    /// <summary>
    /// Whether the history covers a window. A mean over less than a panic window is noise, so only the queues count until then.
    /// </summary>
    private static bool Covers(LoadHistory history, long nowMs, int windowMs) => nowMs - history.Oldest.TimeMs >= windowMs;

    private static double Need(LoadHistory history, in LoadSample since) => history.Latest.OfferedSince(since) / Utilisation;

    /// <summary>
    /// A rise begins above the threshold and ends at half of it, so that a queue around the threshold is one rise. Servers that refuse what
    /// they cannot finish in time keep their queues short, so refusing counts as being over the threshold.
    /// </summary>
    private static LoadSample? RiseStart(LoadSample? before, LoadHistory history, in FleetQueues queues, bool isRefusing, ScalingSettings settings)
    {
        if (isRefusing || queues.Crowding > settings.Threshold)
            return before ?? history.Latest;
        return queues.Crowding > settings.Threshold / 2.0 ? before : null;
    }

    private static double Rising(LoadHistory history, in LoadSample start, in FleetQueues queues, int ready, ScalingSettings settings)
    {
        var latest = history.Latest;
        var windowAgo = history.At(latest.TimeMs - settings.PanicWindowMs);
        var since = windowAgo.TimeMs > start.TimeMs ? windowAgo : start;

        // Two standard deviations are subtracted from the count, so that a few requests are no trend (Poisson: σ = √n).
        var count = latest.Arrivals - since.Arrivals;
        var need = count > 4 ? Need(history, since) * (1 - (2 / Math.Sqrt(count))) : 0;

        // Random arrivals bring any queue over any threshold for a moment, and a backlog takes a moment to clear. Neither is a reason to
        // grow.
        var lastsMs = latest.TimeMs - start.TimeMs;
        var clears = queues.Waiting < latest.BacklogSince(start);
        if (queues.Crowding > settings.Threshold && lastsMs >= settings.PanicWindowMs / 2 && !clears)
            need = Math.Max(need, Math.Min(2 * ready, queues.Load / (settings.Threshold + queues.Concurrency)));
        if (lastsMs >= settings.PanicWindowMs && latest.BacklogSince(windowAgo) > settings.Threshold * ready && !clears)
            need = Math.Max(need, ready + 1);
        return need;
    }

    private static bool CanSpareOne(LoadHistory history, long nowMs, int desired, ScalingSettings settings) =>
        Covers(history, nowMs, settings.StableWindowMs) && history.PeakNeed() <= desired - 1;

    /// <summary>Rounds up, but ignores rounding errors.</summary>
    private static int Ceiling(double need) => (int)Math.Min(1_000_000, Math.Ceiling(need - 1e-6));
}

/// <summary>The limits and reaction times of a fleet.</summary>
/// <param name="Minimum">The minimum number of servers; at least 1.</param>
/// <param name="Maximum">The maximum number of servers: the configured maximum, or fewer if the silos cannot host that many.</param>
/// <param name="Threshold">
/// The mean number of waiting requests per ready server above which the fleet grows: <c>load_balancer.server_scaling_threshold</c>.
/// </param>
/// <param name="StableWindowMs">
/// The milliseconds over which demand is averaged. A server is drained only if it was not needed for this time.
/// </param>
/// <param name="PanicWindowMs">The milliseconds over which demand is averaged if it rises suddenly.</param>
public sealed record ScalingSettings(int Minimum, int Maximum, int Threshold, int StableWindowMs, int PanicWindowMs);

/// <summary>A decision on the size of a fleet.</summary>
/// <param name="Desired">The number of servers to have now: within the limits, and at most one step away from the present number.</param>
/// <param name="Wanted">The number of servers that the demand requires, regardless of the limits.</param>
/// <param name="Panic">Whether the need was recently at least twice the fleet, so that no server is drained.</param>
/// <param name="Urgent">Whether to decide again soon: queues are over the threshold, or the last step was not enough.</param>
/// <param name="Reason">Why <paramref name="Desired"/> changed, as text; empty if it did not.</param>
public readonly record struct ScalingDecision(int Desired, int Wanted, bool Panic, bool Urgent, string Reason);
