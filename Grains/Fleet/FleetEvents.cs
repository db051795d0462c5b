using System.Collections.Immutable;
using Shortline.GrainInterfaces.Fleet;

namespace Shortline.Grains.Fleet;

/// <summary>The latest events of the fleet, at most 50. Used on the controller's turns only.</summary>
internal sealed class FleetEvents(TimeProvider time)
{
    private const int Kept = 50;

    private readonly Queue<FleetEvent> _events = new(Kept);

    public void Add(string text)
    {
        if (_events.Count == Kept)
            _events.Dequeue();
        _events.Enqueue(new FleetEvent(time.GetUtcNow(), text));
    }

    public ImmutableArray<FleetEvent> ToImmutable() => [.. _events];
}
