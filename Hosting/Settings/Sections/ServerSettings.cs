using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Shortline.Hosting.Settings.Schema;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>Section <c>server</c>: the backend servers.</summary>
public sealed record ServerSettings
{
    /// <summary>The value of <see cref="Overload"/> with which a server refuses what it cannot finish in time.</summary>
    public const string Refuse = "refuse";

    /// <summary>The value of <see cref="Overload"/> with which everything waits.</summary>
    public const string Queue = "queue";

    /// <summary>The value of <see cref="ExposeErrors"/> with which the addresses decide.</summary>
    public const string ByAddress = "auto";

    /// <summary>The value of <see cref="ExposeErrors"/> with which clients get the messages of exceptions.</summary>
    public const string Exposed = "on";

    /// <summary>The value of <see cref="ExposeErrors"/> with which clients get no messages of exceptions.</summary>
    public const string Hidden = "off";

    /// <summary>Servers to start with. The fleet never has fewer.</summary>
    [ConfigurationKeyName("count"), Range(1, 10_000)]
    public int Count { get; init; } = 1;

    /// <summary>Maximum number of servers that the fleet has under any load.</summary>
    [ConfigurationKeyName("max_count"), Range(1, 10_000)]
    public int MaxCount { get; init; } = 16;

    /// <summary>Maximum number of servers that one silo hosts.</summary>
    [ConfigurationKeyName("max_per_silo"), Range(1, 10_000)]
    public int MaxPerSilo { get; init; } = 16;

    /// <summary>Address on which servers listen. Gateways send clients that connect to servers directly to this address.</summary>
    [ConfigurationKeyName("address"), Text(TextKind.OwnAddress)]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>First port on which servers listen. Server <c>n</c> takes the nth port of the range, or the next free one.</summary>
    [ConfigurationKeyName("port_range_start"), Range(1, 65_535)]
    public int PortRangeStart { get; init; } = 50_000;

    /// <summary>Port after the last one of the range. A server that finds no free port can be reached through gateways only.</summary>
    [ConfigurationKeyName("port_range_end"), Range(2, 65_536)]
    public int PortRangeEnd { get; init; } = 51_000;

    /// <summary>Id of the first server. The other servers have the ids after it.</summary>
    [ConfigurationKeyName("start_id"), Range(0, int.MaxValue)]
    public int StartId { get; init; }

    /// <summary>
    /// Seconds between two reports of a server whose queue length does not change. This is the slowest heartbeat, not the age of the
    /// ranking: responses carry queue lengths too.
    /// </summary>
    [ConfigurationKeyName("queue_update_interval"), Range(0.05, 3600)]
    public double QueueUpdateInterval { get; init; } = 10;

    /// <summary>
    /// Share of the requests that each server gets with a weighted algorithm. The list assigns one weight to each server in the order of
    /// their ids and starts again after its end. <c>random</c> draws a weight from 1 to 9 whenever a server starts.
    /// </summary>
    [ConfigurationKeyName("weights")]
    public ServerWeights Weights { get; init; } = ServerWeights.Equal;

    /// <summary>Requests that a server works on at the same time.</summary>
    [ConfigurationKeyName("concurrency"), Range(1, 1024)]
    public int Concurrency { get; init; } = 1;

    /// <summary>Maximum number of requests that wait in a server's queue. The server rejects further ones.</summary>
    [ConfigurationKeyName("queue_limit"), Range(1, 1_000_000)]
    public int QueueLimit { get; init; } = 1000;

    /// <summary>What a server does with a request that it cannot finish in time: <c>refuse</c> rejects it at once as <c>overloaded</c>; <c>queue</c> lets it wait until it expires.</summary>
    [ConfigurationKeyName("overload"), AllowedValues(Refuse, Queue)]
    public string Overload { get; init; } = Refuse;

    /// <summary>Milliseconds in the queue that are harmless. If no request waits less for <c>queue_interval_ms</c>, the queue does not empty.</summary>
    [ConfigurationKeyName("queue_target_ms"), Range(1, 60_000)]
    public int QueueTargetMs { get; init; } = 5;

    /// <summary>Milliseconds for which the queue may not empty until the server counts as overloaded. From then on its queue is no longer than this.</summary>
    [ConfigurationKeyName("queue_interval_ms"), Range(10, 600_000)]
    public int QueueIntervalMs { get; init; } = 100;

    /// <summary>Milliseconds that a draining server has to finish its requests.</summary>
    [ConfigurationKeyName("drain_timeout_ms"), Range(0, 3_600_000)]
    public int DrainTimeoutMs { get; init; } = 30_000;

    /// <summary>Milliseconds that a handler may run after its request has expired. After that its worker counts as hung.</summary>
    [ConfigurationKeyName("hung_after_ms"), Range(10, 3_600_000)]
    public int HungAfterMs { get; init; } = 1000;

    /// <summary>
    /// Built-in operations that servers offer. Requests for the others are answered <c>invalid</c>. Operations of your own are always
    /// offered. All silos need the same value.
    /// </summary>
    [ConfigurationKeyName("operations")]
    public BuiltInOperations Operations { get; init; } = BuiltInOperations.All;

    /// <summary>
    /// Whether clients get the messages of exceptions that handlers throw, which may contain paths or data. <c>auto</c> is <c>on</c> if
    /// <c>server.address</c>, <c>load_balancer.address</c> and <c>cluster.address</c> are loopback addresses, else <c>off</c>.
    /// </summary>
    [ConfigurationKeyName("expose_errors"), AllowedValues(ByAddress, Exposed, Hidden)]
    public string ExposeErrors { get; init; } = ByAddress;

    /// <summary>
    /// Folder whose files the operations <c>directory</c> and <c>file</c> serve, relative to the working directory. It must exist. If
    /// empty, no files are served.
    /// </summary>
    [ConfigurationKeyName("file_root"), Text(TextKind.Folder)]
    public string FileRoot { get; init; } = "";
}
