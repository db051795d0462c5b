using Orleans;
using Shortline.Protocol.ExternalServers;

namespace Shortline.GrainInterfaces.ExternalServers;

/// <summary>The report of an external server, with the address that it came from.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ExternalReport")]
public sealed record ExternalReport
{
    /// <summary>The server's id within its pool; see <see cref="ExternalServerId"/>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The IP address that the report came from.</summary>
    [Id(1)] public required string Address { get; init; }

    /// <summary>The port for requests: UDP, or TCP if <see cref="IsLocateOnly"/>.</summary>
    [Id(2)] public required int Port { get; init; }

    /// <summary>The status.</summary>
    [Id(3)] public ExternalStatus Status { get; init; }

    /// <summary>Requests that wait there and did not come from Shortline.</summary>
    [Id(4)] public int QueueLength { get; init; }

    /// <summary>Share of work relative to other servers; 0 takes none.</summary>
    [Id(5)] public int Weight { get; init; } = 1;

    /// <summary>Requests that it works on at once.</summary>
    [Id(6)] public int Concurrency { get; init; } = 1;

    /// <summary>
    /// Whether the server speaks the text protocol over TCP. Such a server sends no reports and gets no requests from gateways; gateways
    /// only give clients its location.
    /// </summary>
    [Id(7)] public bool IsLocateOnly { get; init; }

    /// <summary>
    /// Whether this repeats what is known, to show that a gateway still lists the server. A reminder does not restart a server that has
    /// ended.
    /// </summary>
    [Id(8)] public bool IsReminder { get; init; }

    /// <summary>
    /// When the external server signed the report, in milliseconds since 1970 (UTC) by its own clock; 0 if the report was not signed. Signed
    /// reports that are not newer than the latest one are replays.
    /// </summary>
    [Id(9)] public long SentAt { get; init; }
}
