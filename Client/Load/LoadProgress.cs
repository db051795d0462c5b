using System.Collections.Immutable;
using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>What a <see cref="LoadDriver"/> has done up to a moment. Immutable.</summary>
public sealed record LoadProgress
{
    /// <summary>Since the first request.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Requests started.</summary>
    public long Started { get; init; }

    /// <summary>Requests that have ended, answered or not.</summary>
    public long Ended => Answered + NoAnswer + NotSent;

    /// <summary>Requests in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>Answers by status: index with <see cref="ResponseStatus"/>, or use <see cref="Of"/>.</summary>
    public ImmutableArray<long> Statuses { get; init; } = [.. new long[ResponseStatuses.Count]];

    /// <summary>Requests whose time ran out without an answer.</summary>
    public long NoAnswer { get; init; }

    /// <summary>Requests that were due and not sent, because too many were in flight or the run ended before their turn came. Open loop only.</summary>
    public long NotSent { get; init; }

    /// <summary>Requests sent again.</summary>
    public long Retries { get; init; }

    /// <summary>Retries that were due and that the budget (20 % of the requests plus 10 a second, per client) did not allow.</summary>
    public long RetriesDenied { get; init; }

    /// <summary>Answers beyond one for each time their request was sent.</summary>
    public long AnsweredTwice { get; init; }

    /// <summary>Answers to requests that were over already.</summary>
    public long Late { get; init; }

    /// <summary>Datagrams that are no answer to anything that was asked.</summary>
    public long Unmatched { get; init; }

    /// <summary>Times the system said that nobody listens at a gateway's port.</summary>
    public long Refused { get; init; }

    /// <summary>Time from a request's start (in the open loop: from its turn in the schedule) to its answer, of those answered <c>ok</c>. Not to be changed.</summary>
    public LatencyHistogram Latency { get; init; } = new();

    /// <summary>Answers by server.</summary>
    public ImmutableSortedDictionary<string, long> Servers { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>What the handlers and gateways said was wrong, first of its kind, as text; null if nothing was.</summary>
    public string? FirstError { get; init; }

    /// <summary>Requests answered.</summary>
    public long Answered => Statuses.Sum();

    /// <summary>Answers a second over the whole time.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Answered / Elapsed.TotalSeconds : 0;

    /// <summary>Whether everything that was started was answered <c>ok</c>, and something was started.</summary>
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
