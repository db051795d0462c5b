using Orleans;

namespace Shortline.GrainInterfaces.Servers;

/// <summary>A server's report of its status and health.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ServerResponse")]
public sealed record ServerResponse
{
    /// <summary>The server's id within its pool.</summary>
    [Id(0)] public required string Identity { get; init; }

    /// <summary>
    /// The number of the activation that reports. A later activation of the same id has a larger number; 0 if it was not started.
    /// </summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>Grows with every report and every batch of responses of this incarnation, so that receivers recognise older ones.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>The server's status.</summary>
    [Id(3)] public required ServerStatus Status { get; init; }

    /// <summary>Requests waiting, without those in service.</summary>
    [Id(4)] public int QueueLength { get; init; }

    /// <summary>The number of requests in service, that is, in the hands of a worker.</summary>
    [Id(5)] public int InService { get; init; }

    /// <summary>Requests that the server works on at once.</summary>
    [Id(6)] public int Concurrency { get; init; } = 1;

    /// <summary>The longest that the queue may be.</summary>
    [Id(7)] public int QueueLimit { get; init; }

    /// <summary>Requests answered since the server started, with any status but rejected.</summary>
    [Id(8)] public long Completed { get; init; }

    /// <summary>Completed requests whose handler failed.</summary>
    [Id(9)] public long Errors { get; init; }

    /// <summary>Requests that expired before or during service.</summary>
    [Id(10)] public long Expired { get; init; }

    /// <summary>Requests that were not accepted.</summary>
    [Id(11)] public long Rejected { get; init; }

    /// <summary>Smoothed time a request is in service, in milliseconds; 0 before the first.</summary>
    [Id(12)] public double ServiceTimeMs { get; init; }

    /// <summary>Workers whose handler has not returned although its request expired <c>server.hung_after_ms</c> ago.</summary>
    [Id(13)] public int HungWorkers { get; init; }

    /// <summary>Milliseconds since the server became ready. Drives slow start.</summary>
    [Id(14)] public long ReadyForMs { get; init; }

    /// <summary>The name of the silo that hosts the server.</summary>
    [Id(15)] public string Silo { get; init; } = "";

    /// <summary>Share of work relative to other servers; 0 takes none.</summary>
    [Id(16)] public int Weight { get; init; } = 1;

    /// <summary>
    /// The text of the <c>SiloAddress</c> of the silo that hosts the server, which names one run of it. Part of the server's
    /// <see cref="ServerKey"/>.
    /// </summary>
    [Id(17)] public string SiloAddress { get; init; } = "";

    /// <summary>The address of the server's own endpoint, where clients may send to it directly; empty if it has none.</summary>
    [Id(18)] public string Host { get; init; } = "";

    /// <summary>The port of the server's own endpoint, 1 to 65535; 0 if it has none.</summary>
    [Id(19)] public int Port { get; init; }

    /// <summary>
    /// Whether this is an external server, to which its grain forwards the requests. The controller neither starts nor drains external
    /// servers.
    /// </summary>
    [Id(20)] public bool IsExternal { get; init; }

    /// <summary>Smoothed time in which an external server answers a probe, in milliseconds; 0 before the first answer.</summary>
    [Id(21)] public double ResponseTimeMs { get; init; }

    /// <summary>Whether gateways send it no requests and only tell clients where it is: see <see cref="Host"/>.</summary>
    [Id(22)] public bool IsLocateOnly { get; init; }

    /// <summary>
    /// Requests refused because it had too much work, since it started. Each counts once, at the first server that refuses it. They are
    /// demand like those that it accepts.
    /// </summary>
    [Id(23)] public long Refused { get; init; }

    /// <summary>
    /// The milliseconds that requests have spent here since the server started, waiting and in service, of all together: the integral of
    /// <see cref="Load"/> over time. Those that are still here count until now. 0 from a server of an older version.
    /// </summary>
    [Id(24)] public double PresenceMs { get; init; }

    /// <summary>Clients that are connected to the server's own endpoint and have no request there.</summary>
    [Id(25)] public int RestingClients { get; init; }

    /// <summary>All requests at the server, waiting and in service.</summary>
    public int Load => QueueLength + InService;

    /// <summary>Whether another report of the same server differs in nothing but its number and what grows with time alone.</summary>
    public bool SaysTheSameAs(ServerResponse other) =>
        this == other with { Sequence = Sequence, ReadyForMs = ReadyForMs, PresenceMs = PresenceMs };
}

/// <summary>The status of a server, in the order of its life.</summary>
public enum ServerStatus
{
    /// <summary>Activated but not started: accepts nothing.</summary>
    Starting = 0,

    /// <summary>Accepts work.</summary>
    Ready = 1,

    /// <summary>Accepts no new work and finishes the work it has.</summary>
    Draining = 2,

    /// <summary>Drained: has no work and accepts none.</summary>
    Stopped = 3,

    /// <summary>
    /// All its workers hang: their requests have expired and their handlers have not returned. An external server fails when it is silent,
    /// and is <see cref="Ready"/> again when it answers.
    /// </summary>
    Failed = 4,
}
