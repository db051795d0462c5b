using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>A server that is gone.</summary>
/// <param name="Identity">Its id within its pool.</param>
/// <param name="Incarnation">The last activation that is meant: a later one of the same id is another server and stays.</param>
[GenerateSerializer, Immutable, Alias("Shortline.EndedServer")]
public readonly record struct EndedServer([property: Id(0)] string Identity, [property: Id(1)] long Incarnation);
