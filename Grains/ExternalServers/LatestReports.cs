using Shortline.GrainInterfaces.ExternalServers;

namespace Shortline.Grains.ExternalServers;

/// <summary>
/// Recognises replays of signed reports: a report counts only if its external server signed it after the latest one. The times are kept for
/// longer than gateways accept a report, also of servers that have left.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LatestReports(TimeProvider time)
{
    /// <summary>External servers whose times are kept at most.</summary>
    public const int Limit = 4 * ExternalServerId.Limit;

    /// <summary>Gateways accept reports that are up to 30 seconds old, or as much ahead of their clock.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, (long SentAt, long TakenAt)> _latest = new(StringComparer.Ordinal);

    /// <summary>Takes a report, unless it is a replay or too many external servers have reported lately.</summary>
    /// <returns>Whether the report counts. One that is not signed always does, because it comes from the gateway's own machine.</returns>
    public bool TryTake(ExternalReport report)
    {
        if (report.SentAt == 0)
            return true;

        var isKnown = _latest.TryGetValue(report.Id, out var latest);
        if (isKnown ? report.SentAt <= latest.SentAt : !HasRoom())
            return false;

        _latest[report.Id] = (report.SentAt, time.GetTimestamp());
        return true;
    }

    private bool HasRoom()
    {
        if (_latest.Count < Limit)
            return true;

        foreach (var (id, latest) in _latest)
        {
            if (time.GetElapsedTime(latest.TakenAt) > Kept)
                _latest.Remove(id);
        }

        return _latest.Count < Limit;
    }
}
