using System.Collections.Immutable;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <summary>Sums the figures of several clients.</summary>
internal sealed class LoadSum
{
    private ChannelCounters _counters;

    public LatencyHistogram Latency { get; } = new();

    public Dictionary<string, long> Servers { get; } = new(StringComparer.Ordinal);

    public long[] Statuses { get; } = new long[ResponseStatuses.Count];

    public long NoAnswer { get; set; }

    public int InFlight { get; set; }

    public long Throttled => _counters.Throttled;

    public string? FirstError { get; set; }

    public void Add(ChannelCounters counters)
    {
        _counters.Throttled += counters.Throttled;
        _counters.Retries += counters.Retries;
        _counters.RetriesDenied += counters.RetriesDenied;
        _counters.RetriesThrottled += counters.RetriesThrottled;
        _counters.Repeated += counters.Repeated;
        _counters.Late += counters.Late;
        _counters.Unmatched += counters.Unmatched;
        _counters.Refused += counters.Refused;
    }

    public LoadProgress ToProgress(TimeSpan elapsed, long started, long notSent) => new()
    {
        Elapsed = elapsed,
        Started = started,
        InFlight = InFlight,
        Statuses = [.. Statuses],
        NoAnswer = NoAnswer,
        Throttled = _counters.Throttled,
        NotSent = notSent,
        Retries = _counters.Retries,
        RetriesDenied = _counters.RetriesDenied,
        RetriesThrottled = _counters.RetriesThrottled,
        AnsweredTwice = _counters.Repeated,
        Late = _counters.Late,
        Unmatched = _counters.Unmatched,
        Refused = _counters.Refused,
        Latency = Latency,
        Servers = Servers.ToImmutableSortedDictionary(ServerNameOrder.Instance),
        FirstError = FirstError,
    };
}
