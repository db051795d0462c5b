using System.Collections.Immutable;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <summary>The figures of a load at one moment. Immutable.</summary>
public sealed record LoadProgress
{
    /// <summary>The time since the first request.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Requests started.</summary>
    public long Started { get; init; }

    /// <summary>Requests that have ended, answered or not.</summary>
    public long Ended => Answered + NoAnswer + Throttled + NotSent;

    /// <summary>Requests in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>Answers by status: index with <see cref="ResponseStatus"/>, or use <see cref="Of"/>.</summary>
    public ImmutableArray<long> Statuses { get; init; } = [.. new long[ResponseStatuses.Count]];

    /// <summary>Requests whose time ran out without an answer.</summary>
    public long NoAnswer { get; init; }

    /// <summary>
    /// Requests that a client did not send, because servers refused most of its latest ones for overload. See
    /// <see cref="LoadSettings.Throttle"/>.
    /// </summary>
    public long Throttled { get; init; }

    /// <summary>Open loop: requests that were due and not sent, because too many were in flight or the run ended first.</summary>
    public long NotSent { get; init; }

    /// <summary>Requests sent again.</summary>
    public long Retries { get; init; }

    /// <summary>
    /// Retries that were due and that the budget did not allow. See <see cref="LoadSettings.RetryBudgetPercent"/>.
    /// </summary>
    public long RetriesDenied { get; init; }

    /// <summary>Retries after a refusal for overload that were throttled, as <see cref="Throttled"/> requests are.</summary>
    public long RetriesThrottled { get; init; }

    /// <summary>Responses that exceed the number of times their request was sent.</summary>
    public long AnsweredTwice { get; init; }

    /// <summary>Responses to requests that had ended already.</summary>
    public long Late { get; init; }

    /// <summary>Datagrams that are no response to any request.</summary>
    public long Unmatched { get; init; }

    /// <summary>How often the system reported that no process listens at a gateway's port.</summary>
    public long Refused { get; init; }

    /// <summary>
    /// The time from a request's start (open loop: from when it was due) to its answer, for answers with status <c>ok</c>. Callers must not
    /// change it.
    /// </summary>
    public LatencyHistogram Latency { get; init; } = new();

    /// <summary>Answers by server.</summary>
    public ImmutableSortedDictionary<string, long> Servers { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The first error that a handler or gateway reported; null if there was none.</summary>
    public string? FirstError { get; init; }

    /// <summary>Requests answered.</summary>
    public long Answered => Statuses.Sum();

    /// <summary>Answers a second over the whole time.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Answered / Elapsed.TotalSeconds : 0;

    /// <summary>Whether at least one request was started and all of them were answered <c>ok</c>.</summary>
    public bool AllOk => Started > 0 && Of(ResponseStatus.Ok) == Started && NotSent == 0;

    /// <summary>Answers of one status.</summary>
    public long Of(ResponseStatus status) => Statuses[(int)status];

    /// <summary>Answers a second, and their latency, since an earlier snapshot of the same run.</summary>
    public (double Rate, LatencyHistogram Latency) Since(LoadProgress earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var seconds = (Elapsed - earlier.Elapsed).TotalSeconds;
        return (seconds > 0 ? (Answered - earlier.Answered) / seconds : 0, Latency.Since(earlier.Latency));
    }
}
