using Shortline.GrainInterfaces.Fleet;

namespace Shortline.Playground.Run;

/// <summary>
/// All events of a run. A controller keeps only the latest events and repeats them with every status; this log keeps each event once.
/// </summary>
internal sealed class EventLog
{
    /// <summary>Enough for hours; the oldest events are dropped first.</summary>
    private const int Limit = 1000;

    private readonly List<FleetEvent> _events = [];

    /// <summary>The events so far, oldest first.</summary>
    public IReadOnlyList<FleetEvent> Events => _events;

    /// <summary>Adds the new events of a status and returns them.</summary>
    public IReadOnlyList<FleetEvent> Take(IReadOnlyList<FleetEvent> latest)
    {
        // New events follow the last known one. If that one is missing, all are new.
        var known = _events.Count == 0 ? -1 : latest.ToList().LastIndexOf(_events[^1]);
        List<FleetEvent> added = [.. latest.Skip(known + 1)];
        _events.AddRange(added);
        if (_events.Count > Limit)
            _events.RemoveRange(0, _events.Count - Limit);
        return added;
    }
}
