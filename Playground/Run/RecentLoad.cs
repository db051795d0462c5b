using Shortline.Client.Tool.Load;

namespace Shortline.Playground.Run;

/// <summary>Computes the figures of the last seconds from snapshots of the whole run.</summary>
internal sealed class RecentLoad
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(250);

    private readonly Queue<LoadProgress> _earlier = new();
    private LoadProgress _start = new();
    private TimeSpan _last = TimeSpan.MinValue;

    /// <summary>The figures since the snapshot of about five seconds ago.</summary>
    public RecentFigures Figure(LoadProgress now)
    {
        ArgumentNullException.ThrowIfNull(now);
        while (_earlier.TryPeek(out var oldest) && now.Elapsed - oldest.Elapsed >= Window)
            _start = _earlier.Dequeue();
        if (_last == TimeSpan.MinValue || now.Elapsed - _last >= Spacing)
        {
            _earlier.Enqueue(now);
            _last = now.Elapsed;
        }

        return Since(_start, now);
    }

    private static RecentFigures Since(LoadProgress start, LoadProgress now)
    {
        var (rate, latency) = now.Since(start);
        var answers = now.Servers.ToDictionary(
            server => server.Key, server => server.Value - start.Servers.GetValueOrDefault(server.Key), StringComparer.Ordinal);
        var sum = Math.Max(1, answers.Values.Sum());
        return new RecentFigures(
            rate,
            TimeSpan.FromMicroseconds(latency.Percentile(50) / 1000.0),
            TimeSpan.FromMicroseconds(latency.Percentile(99) / 1000.0),
            answers.ToDictionary(server => server.Key, server => (double)server.Value / sum, StringComparer.Ordinal));
    }
}

/// <summary>Figures of the last seconds.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="Median">Half of the answers came within this time; zero if there were none.</param>
/// <param name="Percentile99">99 of 100 answers came within this time.</param>
/// <param name="Shares">The share of each server in the answers; together 1. A server without answers is missing.</param>
internal sealed record RecentFigures(
    double Rate, TimeSpan Median, TimeSpan Percentile99, IReadOnlyDictionary<string, double> Shares)
{
    public static RecentFigures None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero, new Dictionary<string, double>(StringComparer.Ordinal));
}
