namespace Shortline.Playground;

/// <summary>
/// All events of a run. A controller keeps the last ones only, and says them again with every status; this keeps each of them once.
/// </summary>
internal sealed class EventLog
{
    /// <summary>Enough for hours of play; the oldest go first.</summary>
    private const int Limit = 1000;

    private readonly List<FleetEvent> _events = [];

    /// <summary>The events so far, oldest first.</summary>
    public IReadOnlyList<FleetEvent> Events => _events;

    /// <summary>Takes what a status says and returns what is new in it.</summary>
    public IReadOnlyList<FleetEvent> Take(IReadOnlyList<FleetEvent> latest)
    {
        // The new ones are behind the last one known; if that one has gone, all are new.
        var known = _events.Count == 0 ? -1 : latest.ToList().LastIndexOf(_events[^1]);
        List<FleetEvent> news = [.. latest.Skip(known + 1)];
        _events.AddRange(news);
        if (_events.Count > Limit)
            _events.RemoveRange(0, _events.Count - Limit);
        return news;
    }
}
