using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Fleet;

namespace Shortline.Grains.Fleet;

/// <summary>The latest events of a fleet, at most 50, which are also logged. Used on the controller's turns only.</summary>
internal sealed partial class FleetEvents(string pool, TimeProvider time, ILogger logger)
{
    private const int Kept = 50;

    private readonly Queue<FleetEvent> _events = new(Kept);

    /// <summary>Adds an event and logs it.</summary>
    public void Note(string text, LogLevel level = LogLevel.Information)
    {
        Add(text);
        LogEvent(logger, level, pool, text);
    }

    /// <summary>Adds an event that something else logs.</summary>
    public void Add(string text)
    {
        if (_events.Count == Kept)
            _events.Dequeue();
        _events.Enqueue(new FleetEvent(time.GetUtcNow(), text));
    }

    public ImmutableArray<FleetEvent> ToImmutable() => [.. _events];

    [LoggerMessage(EventId = 2301, Message = "Pool {Pool}: {Text}")]
    private static partial void LogEvent(ILogger logger, LogLevel level, string pool, string text);
}
