namespace Shortline.Gateway;

/// <summary>A server's queue at one moment of its life, from a report or a reply.</summary>
/// <param name="Incarnation">See <see cref="ServerResponse.Incarnation"/>.</param>
/// <param name="Sequence">See <see cref="ServerResponse.Sequence"/>.</param>
/// <param name="Load">Requests waiting and in service.</param>
/// <param name="OfThisGateway">How many of them are this gateway's.</param>
internal readonly record struct ServerNews(long Incarnation, long Sequence, int Load, int OfThisGateway)
{
    public bool IsNewerThan(in ServerNews other) =>
        Incarnation > other.Incarnation || (Incarnation == other.Incarnation && Sequence > other.Sequence);
}
