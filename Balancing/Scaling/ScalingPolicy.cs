namespace Shortline.Balancing;

/// <summary>
/// How many servers a pool needs. Knative's autoscaler (a stable and a panic window, at most doubling) with Kubernetes' damping (a
/// tolerance, and the most that was needed lately before anything is taken away), fed with Little's law.
/// </summary>
/// <remarks>
/// <para>
/// <b>Need.</b> Work that arrives, in servers kept busy (<see cref="DemandMeter"/>), over the utilisation that a server should have:
/// <c>need = Σ arrivals · service time / concurrency / 0.8</c>, as a mean over a window. It is the same at any size of the fleet,
/// so the fleet settles where it fits. Queue lengths could not give that: right after growing they are short, and a fleet sized by
/// them shrinks until they are long again.
/// </para>
/// <para>
/// <b>Growing.</b> By the mean of the stable window, when it exceeds the fleet by a tenth. While the queues are over the
/// threshold also by the mean since they went over it (what came before a rise says nothing about it, and would make the answer late
/// by a window). If they stay over it for half a panic window and do not clear, also by the queue itself: a server counts as full with all
/// workers busy and as many waiting as the threshold says, <c>load / (threshold + concurrency)</c>; for a whole one, by one server
/// more whatever the measures say. At most double at a time.
/// </para>
/// <para>
/// <b>Panic.</b> When the need is twice the fleet or more, for a stable window after: the mean of the panic window counts as
/// well, and nothing is drained.
/// </para>
/// <para>
/// <b>Shrinking.</b> By one server, when the fleet has not grown for a stable window, the queues are short and the largest need of the last stable window, by any panic
/// window in it and by the queues, would still fit into the fleet without it.
/// </para>
/// </remarks>
public static class ScalingPolicy
{
    /// <summary>Share of their time that workers should be busy: above it, waiting times under random arrivals rise steeply.</summary>
    private const double Utilisation = 0.8;

    /// <summary>A need that exceeds the fleet by less is noise (Kubernetes' tolerance).</summary>
    private const double Tolerance = 1.1;

    /// <summary>Need over fleet that means panic (Knative's panic threshold).</summary>
    private const double PanicRatio = 2;

    /// <summary>Decides on the size of the fleet at one moment.</summary>
    /// <param name="state">What the last call returned.</param>
    /// <param name="nowMs">The time in milliseconds of a clock that does not go back.</param>
    /// <param name="ready">The servers that accept work.</param>
    /// <param name="settled">Whether the fleet is what the last decision asked for: nothing starts or drains.</param>
    /// <param name="settings">Bounds and windows; may differ from call to call.</param>
    /// <returns>The decision, and the state for the next call.</returns>
    public static (ScalingDecision Decision, ScalingState State) Decide(
        ScalingState state, long nowMs, IReadOnlyList<ServerLoad> ready, bool settled, ScalingSettings settings)
    {
        var line = FleetQueues.Of(ready);
        var history = Watch(state, nowMs, ready, line, settings);
        var rise = RiseStart(state.RiseStart, history, line, settings);

        var steady = Covers(history, nowMs, settings.PanicWindowMs) ? Need(history, history.At(nowMs - settings.StableWindowMs)) : 0;
        var recent = history.Latest.Need;
        var rising = rise is { } start ? Rising(history, start, line, ready.Count, settings) : 0;
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
            reason = rise is null ? $"work for {need:0.0} servers" : $"{line.Crowding:0.0} waiting per server, need {need:0.0}";
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
            Servers = line.Counters,
            RiseStart = rise,
            PanicUntilMs = panicUntil,
            GrewAtMs = desired > state.Desired ? nowMs : state.GrewAtMs,
        };
        var urgent = rise is not null || (desired < wanted && desired < settings.Maximum);
        return (new(desired, Math.Max(wanted, desired), panic, urgent, desired == state.Desired ? "" : reason), next);
    }

    private static LoadHistory Watch(
        ScalingState state, long nowMs, IReadOnlyList<ServerLoad> ready, in FleetQueues line, ScalingSettings settings)
    {
        if (state.History.IsEmpty)
            return state.History.Add(new(nowMs, 0, 0, 0, 0), settings.StableWindowMs);

        var last = state.History.Latest;
        var (arrivals, work) = DemandMeter.Measure(state.Servers, ready, nowMs - last.TimeMs);
        var sample = new LoadSample(
            Math.Max(nowMs, last.TimeMs),
            last.Arrivals + arrivals,
            last.Work + work,
            last.Backlog + (line.Waiting * Math.Max(0, nowMs - last.TimeMs)),
            Need: 0);
        if (Covers(state.History, nowMs, settings.PanicWindowMs))
            sample = sample with { Need = sample.OfferedSince(state.History.At(nowMs - settings.PanicWindowMs)) / Utilisation };
        return state.History.Add(sample, settings.StableWindowMs);
    }

    /// <summary>A mean over less than a panic window is noise: until then only the queues count.</summary>
    private static bool Covers(LoadHistory history, long nowMs, int windowMs) => nowMs - history.Oldest.TimeMs >= windowMs;

    private static double Need(LoadHistory history, in LoadSample since) => history.Latest.OfferedSince(since) / Utilisation;

    /// <summary>A rise begins over the threshold and ends at half of it: a queue that hovers there is one rise.</summary>
    private static LoadSample? RiseStart(LoadSample? before, LoadHistory history, in FleetQueues line, ScalingSettings settings)
    {
        if (line.Crowding > settings.Threshold)
            return before ?? history.Latest;
        return line.Crowding > settings.Threshold / 2.0 ? before : null;
    }

    private static double Rising(LoadHistory history, in LoadSample start, in FleetQueues line, int ready, ScalingSettings settings)
    {
        var latest = history.Latest;
        var windowAgo = history.At(latest.TimeMs - settings.PanicWindowMs);
        var since = windowAgo.TimeMs > start.TimeMs ? windowAgo : start;

        // Two standard deviations less than what was counted, so that a handful of requests is no trend (Poisson: σ = √n).
        var count = latest.Arrivals - since.Arrivals;
        var need = count > 4 ? Need(history, since) * (1 - (2 / Math.Sqrt(count))) : 0;

        // Random arrivals bring any queue over any threshold for a moment, and a backlog takes a moment to clear: no reasons.
        var lastsMs = latest.TimeMs - start.TimeMs;
        var clears = line.Waiting < latest.BacklogSince(start);
        if (line.Crowding > settings.Threshold && lastsMs >= settings.PanicWindowMs / 2 && !clears)
            need = Math.Max(need, Math.Min(2 * ready, line.Load / (settings.Threshold + line.Concurrency)));
        if (lastsMs >= settings.PanicWindowMs && latest.BacklogSince(windowAgo) > settings.Threshold * ready && !clears)
            need = Math.Max(need, ready + 1);
        return need;
    }

    private static bool CanSpareOne(LoadHistory history, long nowMs, int desired, ScalingSettings settings) =>
        Covers(history, nowMs, settings.StableWindowMs) && history.PeakNeed() <= desired - 1;

    /// <summary>Rounded up, but not for a rounding error.</summary>
    private static int Ceiling(double need) => (int)Math.Min(1_000_000, Math.Ceiling(need - 1e-6));
}

/// <summary>The bounds and reaction times of a fleet.</summary>
/// <param name="Minimum">Never fewer servers; at least 1.</param>
/// <param name="Maximum">Never more servers: the smaller of what is allowed and what the silos can host.</param>
/// <param name="Threshold">Mean waiting requests per ready server above which the fleet grows: <c>load_balancer.server_scaling_threshold</c>.</param>
/// <param name="StableWindowMs">Milliseconds over which demand is averaged, and during which a server must not have been needed before it is drained.</param>
/// <param name="PanicWindowMs">Milliseconds over which demand is averaged when it rises suddenly.</param>
public sealed record ScalingSettings(int Minimum, int Maximum, int Threshold, int StableWindowMs, int PanicWindowMs);

/// <summary>How large the fleet should be.</summary>
/// <param name="Desired">Servers to have now: within the bounds, and at most one step from what there is.</param>
/// <param name="Wanted">Servers that the demand asks for, whatever the bounds.</param>
/// <param name="Panic">Whether demand has at least doubled lately: nothing is drained.</param>
/// <param name="Urgent">Whether to look again soon: queues are over the threshold, or the last step was not enough.</param>
/// <param name="Reason">Why <paramref name="Desired"/> changed, in words; empty if it did not.</param>
public readonly record struct ScalingDecision(int Desired, int Wanted, bool Panic, bool Urgent, string Reason);
