using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.Destinations;

/// <summary>The state of a server's queue at one moment, from a report or a response.</summary>
/// <param name="Incarnation">See <see cref="ServerResponse.Incarnation"/>.</param>
/// <param name="Sequence">See <see cref="ServerResponse.Sequence"/>.</param>
/// <param name="Load">The number of requests waiting and in service.</param>
/// <param name="OfThisGateway">How many of them this gateway sent.</param>
internal readonly record struct QueueState(long Incarnation, long Sequence, int Load, int OfThisGateway)
{
    public bool IsNewerThan(in QueueState other) =>
        Incarnation > other.Incarnation || (Incarnation == other.Incarnation && Sequence > other.Sequence);
}
