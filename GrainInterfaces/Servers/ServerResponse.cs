using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>A server's status and health report.</summary>
[GenerateSerializer, Immutable, Alias("Shortline.ServerResponse")]
public sealed record ServerResponse
{
    /// <summary>The server's id within its pool.</summary>
    [Id(0)] public required string Identity { get; init; }

    /// <summary>Which activation reports: a later one of the same server has a larger number.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>Grows with every report and every reply of this incarnation, so that an older one is recognised.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>What the server is doing.</summary>
    [Id(3)] public required ServerStatus Status { get; init; }

    /// <summary>Requests waiting, without those in service.</summary>
    [Id(4)] public int QueueLength { get; init; }

    /// <summary>Requests that a worker has.</summary>
    [Id(5)] public int InService { get; init; }

    /// <summary>How many requests the server works on at once.</summary>
    [Id(6)] public int Concurrency { get; init; } = 1;

    /// <summary>The queue's bound.</summary>
    [Id(7)] public int QueueLimit { get; init; }

    /// <summary>Requests answered since the server started, whatever the answer; without those it rejected.</summary>
    [Id(8)] public long Completed { get; init; }

    /// <summary>Of those, how many the handler failed.</summary>
    [Id(9)] public long Errors { get; init; }

    /// <summary>Requests that expired before or during service.</summary>
    [Id(10)] public long Expired { get; init; }

    /// <summary>Requests that were not accepted.</summary>
    [Id(11)] public long Rejected { get; init; }

    /// <summary>Smoothed time a request is in service, in milliseconds; 0 before the first.</summary>
    [Id(12)] public double ServiceTimeMs { get; init; }

    /// <summary>Workers whose request expired a while ago and whose handler still has not returned.</summary>
    [Id(13)] public int HungWorkers { get; init; }

    /// <summary>Time since <see cref="IServerGrain.Start"/>, in milliseconds. Drives slow start.</summary>
    [Id(14)] public long ReadyForMs { get; init; }

    /// <summary>The name of the silo that hosts the server.</summary>
    [Id(15)] public string Silo { get; init; } = "";

    /// <summary>Share of work relative to the others; 0 takes none.</summary>
    [Id(16)] public int Weight { get; init; } = 1;

    /// <summary>The run of the silo that hosts the server, the text of its <c>SiloAddress</c>: with the id it makes the server's <see cref="ServerKey"/>.</summary>
    [Id(17)] public string SiloAddress { get; init; } = "";

    /// <summary>The address of the server's own endpoint, where clients may talk to it directly; empty if it has none.</summary>
    [Id(18)] public string Host { get; init; } = "";

    /// <summary>The port of the server's own endpoint, 1 to 65535; 0 if it has none.</summary>
    [Id(19)] public int Port { get; init; }

    /// <summary>Whether the work is done by a program of somebody else's, to which the grain forwards it. The controller neither starts nor drains such servers.</summary>
    [Id(20)] public bool IsExternal { get; init; }

    /// <summary>How long an external server takes to answer when it is asked whether it is there, smoothed, in milliseconds; 0 if it was not yet.</summary>
    [Id(21)] public double ResponseTimeMs { get; init; }

    /// <summary>Whether it takes no requests from gateways, and clients are only told where it is: see <see cref="Host"/>.</summary>
    [Id(22)] public bool IsLocateOnly { get; init; }

    /// <summary>Everything the server has: waiting and in service.</summary>
    public int Load => QueueLength + InService;
}
