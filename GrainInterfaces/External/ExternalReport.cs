using Orleans;
using Orleans.Concurrency;
using Shortline.Protocol;

namespace Shortline.GrainInterfaces;

/// <summary>What a program that is a server says of itself, and from where.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ExternalReport")]
public sealed record ExternalReport
{
    /// <summary>The server's id within its pool; see <see cref="ExternalServerId"/>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The program's IP address, the one that the report came from.</summary>
    [Id(1)] public required string Address { get; init; }

    /// <summary>Its port: UDP, or TCP if it <see cref="IsLocateOnly"/>.</summary>
    [Id(2)] public required int Port { get; init; }

    /// <summary>What it is doing.</summary>
    [Id(3)] public ExternalStatus Status { get; init; }

    /// <summary>Requests that wait there and came from elsewhere.</summary>
    [Id(4)] public int QueueLength { get; init; }

    /// <summary>Share of work relative to the others; 0 takes none.</summary>
    [Id(5)] public int Weight { get; init; } = 1;

    /// <summary>Requests it works on at once.</summary>
    [Id(6)] public int Concurrency { get; init; } = 1;

    /// <summary>Whether it speaks the text protocol over TCP: it has no reports of its own, takes no requests, and is only given as a location.</summary>
    [Id(7)] public bool IsLocateOnly { get; init; }

    /// <summary>Whether it is no news of the program, but says that somebody still counts on it: it starts no server again that has ended.</summary>
    [Id(8)] public bool IsReminder { get; init; }
}
