using Orleans;

namespace Shortline.Grains;

/// <summary>A server as it is remembered.</summary>
/// <param name="Id">Its id within the pool.</param>
/// <param name="SiloAddress">The silo it lives on.</param>
/// <param name="Incarnation">Its incarnation.</param>
[GenerateSerializer, Alias("Shortline.KnownServer")]
internal sealed record KnownServer([property: Id(0)] string Id, [property: Id(1)] string SiloAddress, [property: Id(2)] long Incarnation);
