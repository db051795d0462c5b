using System.Collections.Immutable;
using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Fleet;

/// <summary>The fleet as its controller sees it.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.FleetStatus")]
public sealed record FleetStatus
{
    /// <summary>The number of servers that the controller has decided on.</summary>
    [Id(0)] public required int Desired { get; init; }

    /// <summary>The number of servers that the queues ask for; above <see cref="Desired"/> when the silos cannot host more.</summary>
    [Id(1)] public required int Wanted { get; init; }

    /// <summary>The least number of servers.</summary>
    [Id(2)] public required int Minimum { get; init; }

    /// <summary>The largest number of servers.</summary>
    [Id(3)] public required int Maximum { get; init; }

    /// <summary>The number of silos that host servers.</summary>
    [Id(4)] public required int Silos { get; init; }

    /// <summary>Whether the controller is in panic mode: the load has doubled within the panic window.</summary>
    [Id(5)] public required bool Panic { get; init; }

    /// <summary>The latest report of each server.</summary>
    [Id(6)] public required ImmutableArray<ServerResponse> Servers { get; init; }

    /// <summary>The last scaling events, newest last, at most 50.</summary>
    [Id(7)] public required ImmutableArray<FleetEvent> Events { get; init; }

    /// <summary>What the operator should do, such as <c>…: add a silo</c>; empty if nothing.</summary>
    [Id(8)] public string Notice { get; init; } = "";

    /// <summary>
    /// Whether the controller has looked at the whole fleet since its activation. Until then <see cref="Servers"/> may be incomplete.
    /// </summary>
    [Id(9)] public bool IsComplete { get; init; } = true;

    /// <summary>The latest report of each external server. External servers are not part of the fleet and only shown with it.</summary>
    [Id(10)] public ImmutableArray<ServerResponse> External { get; init; } = [];
}

/// <summary>An event of the fleet.</summary>
/// <param name="At">The time of the event.</param>
/// <param name="Text">A description for people.</param>
[GenerateSerializer, Immutable, Alias("Shortline.FleetEvent")]
public sealed record FleetEvent([property: Id(0)] DateTimeOffset At, [property: Id(1)] string Text);
