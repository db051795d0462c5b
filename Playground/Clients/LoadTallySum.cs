using System.Collections.Immutable;
using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;

namespace Shortline.Playground.Clients;

/// <summary>Sums the tallies of all clients.</summary>
internal sealed class LoadTallySum
{
    // Numeric order: 2 before 10.
    private static readonly Comparer<string> ServerOrder = Comparer<string>.Create(
        (a, b) => a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(a, b));

    public LatencyHistogram Latency { get; } = new();

    public Dictionary<string, long> Servers { get; } = new(StringComparer.Ordinal);

    public long[] Statuses { get; } = new long[ResponseStatuses.Count];

    public long Started { get; set; }

    public long NoAnswer { get; set; }

    public long NotSent { get; set; }

    public long Retries { get; set; }

    public string? FirstError { get; set; }

    public LoadProgress ToProgress(TimeSpan elapsed) => new()
    {
        Elapsed = elapsed,
        Started = Started,
        InFlight = (int)(Started - Statuses.Sum() - NoAnswer - NotSent),
        Statuses = [.. Statuses],
        NoAnswer = NoAnswer,
        NotSent = NotSent,
        Retries = Retries,
        Latency = Latency,
        Servers = Servers.ToImmutableSortedDictionary(ServerOrder),
        FirstError = FirstError,
    };
}
